/** A line of a CSV (RFC 4180); what is undefined is an empty field. */
export const csvLine = (values: readonly (string | number | undefined)[]) =>
  `${values.map((value) => field(String(value ?? ''))).join(',')}\r\n`

const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
