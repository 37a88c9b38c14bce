/** What csrctl ends with; the rules are at the top of main.ts. */
export const exitCodes = {
  done: 0,
  /** A CSR has errors; or the service said no. */
  no: 1,
  /** Wrong usage or settings, or an input or output that cannot be used. */
  unusable: 2,
  /** The same command may succeed later. */
  later: 3,
  /** The service does not know who calls, or does not let him. */
  denied: 4,
  /** 128 and the number of SIGINT: a submission that goes on when it is run again. */
  interrupted: 130,
  /** 128 and the number of SIGPIPE: what a shell shows for a program whose reader left. */
  readerGone: 141,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
