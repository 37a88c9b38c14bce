/** Whether a text has the form of an id: what comes back from a caller as a place to go on may be anything. */
export const isId = (text: string): boolean => /^[1-9]\d{0,15}$/.test(text)
