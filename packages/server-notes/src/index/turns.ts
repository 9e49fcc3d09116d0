/** Lets tasks run one at a time. */
export interface Turns {
  /** Runs `task` when those before it are done; an urgent one goes before all that are not. */
  take<T>(task: () => Promise<T>, urgent?: boolean): Promise<T>;
}

export function createTurns(): Turns {
  const urgentTasks: (() => Promise<void>)[] = [];
  const otherTasks: (() => Promise<void>)[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    for (let task = next(); task; task = next()) await task();
    isRunning = false;
  }
  const next = () => urgentTasks.shift() ?? otherTasks.shift();

  return {
    take: (task, urgent = false) =>
      new Promise((resolve, reject) => {
        (urgent ? urgentTasks : otherTasks).push(() => task().then(resolve, reject));
        void run();
      }),
  };
}
