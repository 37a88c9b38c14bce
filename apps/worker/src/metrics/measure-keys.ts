import { type GeneratedKey, type KeyAlgorithm, keyAlgorithms } from '@csr-foundry/csr'
import type { WorkFigures } from './work-figures.ts'

/** From here on this process times each key pair that it generates: where a key is made nothing is known of figures. */
export function measureKeys(figures: WorkFigures): void {
  for (const algorithm of Object.values(keyAlgorithms) as KeyAlgorithm[]) {
    const { name, generate } = algorithm
    algorithm.generate = () => {
      const began = performance.now()
      const note = (key: GeneratedKey) => {
        figures.keyGeneration.observe(name, (performance.now() - began) / 1_000)
        return key
      }
      const key = generate()
      // What is there at once is given at once: an await costs as much as a key of a curve does to seal.
      return key instanceof Promise ? key.then(note) : note(key)
    }
  }
}
