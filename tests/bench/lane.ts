import { type ChildProcess, fork } from 'node:child_process'
import { type Contestant, compete, type Limits, type Outcome, warmUp } from './contestants.ts'
import { roundOf, type Size } from './rounds.ts'

/** What the process of a lane is asked; it makes the round itself. */
interface Task {
  size: Size
  seed: number
  limits: Limits
}

/**
 * A process of its own for one contestant at one size: its memory is its own, and an engine that does not come back is
 * ended with it. The process starts when it is first needed, and again after it was ended.
 */
export class Lane {
  private readonly contestant: Contestant
  private child: ChildProcess | null = null

  constructor(contestant: Contestant) {
    this.contestant = contestant
  }

  async run(task: Task): Promise<Outcome> {
    const child = this.child ?? (await this.start())
    const { cutMs } = task.limits
    return await new Promise(resolve => {
      const finish = (outcome: Outcome) => {
        clearTimeout(timer)
        child.removeAllListeners()
        resolve(outcome)
      }
      const ended = (note: string) => {
        this.close()
        finish({
          ms: cutMs,
          wallMs: cutMs,
          levels: null,
          bound: null,
          proven: false,
          reached: {},
          note,
          peakMb: 0,
        })
      }
      // Processor time counts, and the machine may be busy: the process gets twice as long on the clock.
      const timer = setTimeout(() => ended('cut off'), cutMs * 2 + 3000)
      child.once('message', (outcome: Outcome) => finish(outcome))
      child.once('exit', () => ended('out of memory'))
      child.send(task)
    })
  }

  close(): void {
    this.child?.kill('SIGKILL')
    this.child = null
  }

  private async start(): Promise<ChildProcess> {
    const child = fork(process.argv[1]!, [], {
      env: { ...process.env, BENCH_LANE: this.contestant },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.child = child
    await new Promise(resolve => child.once('message', resolve))
    return child
  }
}

/** The other end: what a process of a lane does. */
export async function beLane(contestant: Contestant): Promise<void> {
  await warmUp(contestant)
  process.on('message', (task: Task) => {
    void compete(contestant, roundOf(task.size, task.seed), task.limits).then(outcome =>
      process.send?.(outcome),
    )
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.('ready')
}
