import { type Log, ToolError } from "@org/server-kit";
import { beginSql, ownSettings, ROLLBACK, searchPath, VERIFY_SQL } from "./begin.ts";
import { type Link, openLink } from "./client.ts";
import { gone, serverError, toToolError } from "./errors.ts";
import { createPool } from "./pool.ts";
import type { Settings } from "./settings.ts";
import { identifier, marked } from "./sql.ts";
import type { Answer, Database, Row, ServerFacts, Session } from "./types.ts";

export interface DatabaseOptions {
  readonly name: string;
  /** Read on first use: the call that needs it reports what is missing or wrong. */
  readonly settings: () => Settings;
  readonly poolSize: number;
  /** The deadline of a call in milliseconds, which also limits its statements on the server. */
  readonly timeoutMs: number;
  /** Schemas for resolving names, instead of those that the role is configured with. */
  readonly schemas: readonly string[];
  readonly log: Log;
}

interface Verified {
  readonly facts: ServerFacts;
  readonly path: string;
  /** SQL for the settings of each transaction, besides its limits. */
  readonly settings: string;
}
interface PooledLink extends Link {
  /** Facts from the connection's first transaction. */
  verified?: Verified;
}

interface Started {
  readonly link: PooledLink;
  readonly facts: ServerFacts;
  readonly snapshot: string;
}

/** The server stops a statement this long before the call's deadline. */
const MARGIN_MS = 50;

export function createDatabase(options: DatabaseOptions): Database {
  const { name, timeoutMs, log } = options;
  const pool = createPool<PooledLink>(options.poolSize, () => openLink(options.settings()));
  const cancelling = new Set<Promise<void>>();

  async function begin(link: PooledLink, statementMs: number): Promise<Verified & { snapshot: string }> {
    const before = link.verified?.settings;
    // Until the transaction has set our encoding, the server would misread letters outside ASCII.
    const isPlain = before !== undefined && !/[^\0-\x7f]/.test(before);
    const begun = link.simple(beginSql(statementMs, isPlain ? before : undefined));
    if (!link.verified) {
      // Sent together, in one round trip.
      const [answer] = await Promise.all([link.extended(VERIFY_SQL, []), begun]);
      link.verified = verified(answer, statementMs, options);
    }
    if (!isPlain) await Promise.all([begun, link.simple(marked(`SELECT ${link.verified.settings}`))]);
    const snapshot = (await begun).rows[0]?.[0] ?? "";
    if (link.status() !== "T") throw notHeld("it does not keep a transaction open");
    return { ...link.verified, snapshot: `${snapshot} ${link.verified.path}` };
  }

  /** A connection in a new transaction. One that broke while idle is silently replaced. */
  async function started(signal: AbortSignal, { raced }: Waits, left: () => number): Promise<Started> {
    for (let isRetry = false; ; isRetry = true) {
      const link = await pool.take(signal);
      const wasUsed = link.verified !== undefined;
      try {
        const { facts, snapshot } = await raced(begin(link, left()));
        return { link, facts, snapshot };
      } catch (error) {
        pool.drop(link);
        if (isRetry || !wasUsed || signal.aborted || error instanceof ToolError) throw error;
        log.debug("reconnecting", { database: name, code: serverError(error)?.code });
      }
    }
  }

  async function read<T>(signal: AbortSignal, waits: Waits, work: (session: Session) => Promise<T>): Promise<T> {
    const began = performance.now();
    signal.throwIfAborted();
    // Waiting for a connection counts: the statement gets the time that the call has left.
    const left = () => Math.max(Math.floor(timeoutMs - MARGIN_MS - (performance.now() - began)), 1);
    const { link, facts, snapshot } = await started(signal, waits, left);
    let isClean = true;
    let isRolledBack = false;
    let ending: Promise<boolean> | undefined;
    const ask: Session["answer"] = async (sql, params = [], keep) => {
      // After a statement that ended the transaction, nothing would keep the next ones from writing.
      if (ending || link.status() === "I") throw ended();
      const answer = await link.extended(sql, params, keep);
      if (!ending && link.status() === "I") throw ended();
      return answer;
    };
    const session: Session = {
      facts,
      snapshot,
      database: pool,
      answer: ask,
      rows: async (sql, params) => asRows(await ask(marked(sql), params)),
      end() {
        ending ??= link.extended(ROLLBACK, []).then(
          () => (isRolledBack = link.status() === "I"),
          () => false,
        );
      },
      discard: () => {
        isClean = false;
      },
    };
    // The call has its answer whatever happens to the ROLLBACK. A connection still in its transaction is closed.
    const giveBack = async () => {
      if (!isRolledBack) isRolledBack = await waits.raced(rolledBack(link, ending)).catch(() => false);
      pool.give(link, isClean && isRolledBack);
    };
    try {
      const result = await waits.raced(work(session));
      await giveBack();
      return result;
    } catch (error) {
      if (signal.aborted || !link.isUsable()) {
        const cancel = cancelled(link, name, log);
        cancelling.add(cancel);
        await cancel;
        cancelling.delete(cancel);
        pool.drop(link);
        throw signal.aborted ? signal.reason : lost(error);
      }
      await giveBack();
      log.debug("refused", { database: name, ms: performance.now() - began });
      throw error;
    }
  }

  return {
    name,
    async read(signal, work) {
      const waits = waitsUntil(signal);
      try {
        return await read(signal, waits, work);
      } catch (error) {
        throw toToolError(error);
      } finally {
        waits.end();
      }
    },
    async close() {
      pool.close();
      // Otherwise the process might exit before the request reaches the server.
      await Promise.all(cancelling);
    },
  };
}

const ended = () => new ToolError("access_denied", "refused: the statement ended its transaction. Send a query.");

/** @param ending whether the ROLLBACK sent with the last statement ran; after a failed statement it does not */
async function rolledBack(link: Link, ending: Promise<boolean> | undefined): Promise<boolean> {
  if (await ending) return true;
  await link.simple(ROLLBACK);
  return link.status() === "I";
}

async function cancelled(link: Link, name: string, log: Log): Promise<void> {
  if (!link.isUsable()) return;
  try {
    await link.cancel();
  } catch {
    log.warn("cancel failed", { database: name });
  }
}

const lost = (error: unknown) => (error instanceof ToolError || serverError(error) ? error : gone());

interface Waits {
  /** A wait that the signal ends. The promise may still fail later, unnoticed. */
  raced<T>(promise: Promise<T>): Promise<T>;
  end(): void;
}

/** Sequential waits that share one listener, since adding one costs nearly as much as a message to the server. */
function waitsUntil(signal: AbortSignal): Waits {
  let reject: ((reason: unknown) => void) | undefined;
  const stop = () => reject?.(signal.reason);
  signal.addEventListener("abort", stop);
  return {
    raced: (promise) =>
      new Promise((resolve, fail) => {
        reject = fail;
        if (signal.aborted) stop();
        promise.then(resolve, fail);
      }),
    end: () => signal.removeEventListener("abort", stop),
  };
}

function asRows({ columns, rows }: Answer): readonly Row[] {
  if (rows.some((row) => row.length < columns.length)) {
    throw new ToolError(
      "too_large",
      "the catalogue's answer is too large. Ask for less: one schema, or a narrower pattern.",
    );
  }
  return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index] ?? null])));
}

function verified(answer: Answer, statementMs: number, { schemas, settings }: DatabaseOptions): Verified {
  const [row = {}] = asRows(answer);
  if (row.read_only !== "on") throw notHeld("BEGIN READ ONLY has no effect on it");
  if (row.strings !== "on") throw notHeld("standard_conforming_strings stays off on it");
  if (milliseconds(row.statement_timeout ?? "") !== statementMs) throw notHeld("statement_timeout does not hold on it");
  const isTrue = (text: string | null | undefined) => text === "t";
  const configured = schemas.length > 0 ? schemas.map(identifier).join(", ") : row.search_path;
  const path = searchPath(row.extension_schemas, configured, isTrue(row.is_writable));
  return {
    path,
    settings: ownSettings(path, row.work_mem, isTrue(row.looks_for_client), settings().applicationName),
    facts: {
      version: Number(row.version),
      database: row.database ?? "",
      role: row.role ?? "",
      isSuperuser: isTrue(row.is_superuser),
      isInRecovery: isTrue(row.is_in_recovery),
      showsSecrets: isTrue(row.shows_secrets),
    },
  };
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** PostgreSQL prints a duration in the largest unit that divides it. */
function milliseconds(text: string): number {
  const [, number = "", unit = "ms"] = /^(\d+)(\w+)?$/.exec(text) ?? [];
  return Number(number) * (UNITS[unit] ?? Number.NaN);
}

const notHeld = (reason: string) =>
  new ToolError(
    "unavailable",
    `this connection is refused: ${reason}, so nothing would keep a query from writing or running forever. A pooler in statement ` +
      "mode does that; use one in transaction or session mode, or connect to the server itself.",
    { retryable: false },
  );
