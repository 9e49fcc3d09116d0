import { styleText } from "node:util";

/** An answer, and whether it agrees with the known fact. */
export interface Answer {
  readonly says: string;
  readonly right: boolean;
}

/** Reports what happens in words, and counts. */
export interface Report {
  heading(text: string): void;
  /** Asks one question; a failure to answer is a wrong answer. */
  put(question: string, fact: string, ask: () => Promise<Answer>): Promise<void>;
  readonly right: number;
  readonly wrong: number;
}

type Colour = Parameters<typeof styleText>[0];

export function createReport(write: (text: string) => void, coloured: boolean): Report {
  const paint = (colour: Colour, text: string) => (coloured ? styleText(colour, text) : text);
  let right = 0;
  let wrong = 0;
  return {
    get right() {
      return right;
    },
    get wrong() {
      return wrong;
    },
    heading(text) {
      write(`\n${paint("bold", text)}\n`);
    },
    async put(question, fact, ask) {
      const answer = await ask().catch((error: unknown) => ({ says: String(error), right: false }));
      const [verdict, colour]: [string, Colour] = answer.right ? ["right", "green"] : ["WRONG", "red"];
      if (answer.right) right += 1;
      else wrong += 1;
      write(`\n  ${question}\n`);
      for (const line of answer.says.split("\n")) write(`    ${paint("dim", line)}\n`);
      write(`  ${paint(colour, verdict)}: ${fact}\n`);
    },
  };
}
