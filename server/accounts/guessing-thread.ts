import { parentPort, workerData } from 'node:worker_threads'
import { weaknessOf } from './guessing.ts'

/** What the thread is asked. */
export interface Guessed {
  password: string
  /** What others know of its owner. */
  personal: string[]
}

const { password, personal } = workerData as Guessed
parentPort!.postMessage(weaknessOf(password, personal))
