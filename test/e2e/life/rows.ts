/** A row of a fleet. */
export const row = (i: number) => ({
  ref: `rack-${i}`,
  subject: { commonName: `edge-${i}.example.com` },
  subjectAltNames: [{ type: 'dns', value: `edge-${i}.example.com` }],
})

export const ndjson = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `${JSON.stringify(row(from + i))}\n`).join('')

export async function all<Line>(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = []
  for await (const line of lines) found.push(line)
  return found
}
