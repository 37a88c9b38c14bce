/** Of what an error is and which code it has; `none` where there is none. */
export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { name: string; code: string }) => `${error.name} ${error.code}`,
  )
