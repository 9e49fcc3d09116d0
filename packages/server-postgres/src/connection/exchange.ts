import type { Budget } from "./cutters.ts";
import {
  COMMAND_COMPLETE,
  COPY_IN,
  DATA_ROW,
  EMPTY_QUERY,
  ERROR,
  extendedQuery,
  READY,
  ROW_DESCRIPTION,
  readColumns,
  readError,
  readRow,
  SYNC,
  simpleQuery,
} from "./messages.ts";
import type { Answer, Column, Param } from "./types.ts";
import type { Pipe, Reader } from "./wire.ts";

interface Statement {
  readonly budget: Budget | undefined;
  columns: readonly Column[];
  rows: (string | null)[][];
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** Statements answered together: if one fails, those after it do not run. */
interface Batch {
  readonly isSimple: boolean;
  readonly statements: Statement[];
  done: number;
  error?: Error;
}

/** Statements in flight on one connection, and their answers, which arrive in the same order. */
export interface Exchange {
  /** One message of the simple protocol; the answer has the rows of its last statement. */
  simple(sql: string): Promise<Answer>;
  /** One statement of the extended protocol. Those of the same turn are sent and answered together. */
  extended(sql: string, params: readonly Param[], budget: Budget): Promise<Answer>;
  /** Whether a transaction is open: `I`dle, `T`ransaction, `E`rror in one. */
  status(): string | undefined;
  isOpen(): boolean;
  /** Whether everything that was sent has been answered. */
  isAnswered(): boolean;
  readonly reader: Reader;
}

export function createExchange(socket: Pipe): Exchange {
  /** Sent batches, in the order of their answers. */
  const batches: Batch[] = [];
  /** Not sent yet: everything from one turn becomes one write, and one packet. */
  let outgoing: Buffer[] = [];
  /** The batch that further statements join. */
  let open: Batch | undefined;
  let status: string | undefined;
  let isOpen = true;

  const close = () => {
    if (open) outgoing.push(SYNC);
    open = undefined;
  };
  const flush = () => {
    close();
    const [bytes] = outgoing.length === 1 ? outgoing : [Buffer.concat(outgoing)];
    outgoing = [];
    socket.write(bytes);
  };
  const send = (batch: Batch, bytes: Buffer, budget?: Budget) => {
    if (!isOpen) return Promise.reject(new Error("Connection terminated"));
    if (outgoing.length === 0) queueMicrotask(flush);
    outgoing.push(bytes);
    if (batch.statements.length === 0) batches.push(batch);
    return new Promise<Answer>((resolve, reject) => {
      batch.statements.push({ budget, columns: [], rows: [], resolve, reject });
    });
  };
  const settle = (error: Error | undefined) => {
    const batch = batches.shift();
    batch?.statements.forEach(({ columns, rows, budget, resolve, reject }, at) => {
      if (error && (batch.isSimple || at >= batch.done)) reject(error);
      else resolve({ columns, rows, shortened: budget?.shortened ?? [] });
    });
  };
  const end = (error = new Error("Connection terminated unexpectedly")) => {
    isOpen = false;
    socket.destroy();
    // The server's last error is the reason that a caller can act on.
    while (batches.length > 0) settle(batches[0]?.error ?? error);
  };
  const current = () => batches[0]?.statements[batches[0].done];

  return {
    simple(sql) {
      close();
      return send({ isSimple: true, statements: [], done: 0 }, simpleQuery(sql));
    },
    extended(sql, params, budget) {
      open ??= { isSimple: false, statements: [], done: 0 };
      return send(open, extendedQuery(sql, params), budget);
    },
    status: () => status,
    isOpen: () => isOpen,
    isAnswered: () => batches.length === 0,
    reader: {
      budget: () => current()?.budget,
      take(type, bytes, from, to) {
        const [batch] = batches;
        const statement = current();
        if (type === ROW_DESCRIPTION && statement) {
          statement.columns = readColumns(bytes, from);
          statement.rows = [];
        } else if (type === DATA_ROW && statement) {
          statement.rows.push(readRow(bytes, from));
        } else if ((type === COMMAND_COMPLETE || type === EMPTY_QUERY) && batch && !batch.isSimple) {
          batch.done++;
        } else if (type === ERROR && batch) {
          batch.error ??= readError(bytes.subarray(from, to));
        } else if (type === READY) {
          status = String.fromCharCode(bytes.readUInt8(from));
          settle(batch?.error);
        } else if (type === ERROR || type === COPY_IN) {
          // An error between statements means that the server is closing; COPY would wait for data forever.
          end();
        }
      },
      end,
    },
  };
}
