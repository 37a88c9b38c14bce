import { unexpectedAnswer } from './client-error.ts'

type Page = { readonly next?: string | undefined }

/** The entries of all pages, each page fetched when it is needed. A page may be empty and not the last. */
export async function* walkPages<P extends Page, Entry>(
  fetchPage: (cursor: string | undefined) => Promise<P>,
  entriesOf: (page: P) => readonly Entry[],
): AsyncGenerator<Entry, void, undefined> {
  let cursor: string | undefined
  do {
    const page = await fetchPage(cursor)
    yield* entriesOf(page)
    if (page.next !== undefined && page.next === cursor) {
      throw unexpectedAnswer(200, 'a list goes on where it began')
    }
    cursor = page.next
  } while (cursor !== undefined)
}
