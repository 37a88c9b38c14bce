/** What csrctl ends with; the rules are at the top of main.ts. */
export const exitCodes = {
  clean: 0,
  errors: 1,
  unusable: 2,
  /** 128 and the number of SIGPIPE: what a shell shows for a program whose reader left. */
  readerGone: 141,
} as const
