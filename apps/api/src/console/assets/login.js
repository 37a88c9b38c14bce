/**
 * Whoever follows a link from elsewhere comes without his session, which is sent to no page of another site's making. From this
 * page on it is: so he goes on to where he wanted.
 */
const { next } = document.querySelector('.login').dataset
const answer = await fetch('/dashboard/session')
if (answer.ok && (await answer.json()).isLoggedIn) location.replace(next)
