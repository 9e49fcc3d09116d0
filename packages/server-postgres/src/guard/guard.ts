import { ToolError } from "@org/server-kit";
import type { Param, Session } from "../connection/types.ts";
import { loadGrammar, tooDeep } from "../grammar/parse.ts";
import { type Parameter, parametersOf, text } from "../grammar/tree.ts";
import { secretSetting } from "./allowed.ts";
import { createKnowledge, type Knowledge } from "./catalogue/knowledge.ts";
import { catalogueStamp } from "./catalogue/stamp.ts";
import { judge } from "./judge.ts";
import { checkMasks, type Masked } from "./masks.ts";
import type { Policy } from "./policy.ts";
import { isSecretSetting } from "./reviewed.ts";
import { checkExpansion } from "./text/expansion.ts";
import { checkConstants } from "./text/fold.ts";
import { type References, referencesOf } from "./text/references.ts";
import { readStatement, type Statement } from "./text/statement.ts";
import { checkViews } from "./views.ts";

interface Query {
  readonly tree: Statement["tree"];
  readonly references: References;
  readonly parameters: readonly Parameter[];
}

/** A statement that passed the checks of its text. */
export interface Prepared {
  readonly sql: string;
  readonly statement: Statement;
  /** The query in it; SHOW has none. */
  readonly query: Query | undefined;
}

/**
 * The checks that need no database: one statement, of a kind that reads, whose constants stay small.
 *
 * The guard has four layers: the grammar and the server's catalogue, both here; in `connection/` a transaction that is
 * read-only, limited and always rolled back, which holds even for what the first two overlook; and the role itself.
 * - `text/` needs no database: the kind of statement, its names and what is known of their arguments, and its
 * constants.
 * - `catalogue/` knows the server: `questions` asks for everything behind a name, recursively, and `bodies` reads the
 * text of functions; `knowledge` keeps it until `stamp` reports a change; `overloads` determines what a name could
 * mean.
 * - `judge` goes through a query's names; `parts` gives the reason why one is refused, with `types` for types, and
 * `marks` by the list in `reviewed`.
 * - `views` counts the tables and columns that views and functions expand to.
 * - `policy` is what the options allow: `allowed` checks tables against it, and `masks` finds columns to hide.
 * @throws ToolError that says which part is refused, why, and what to do instead
 */
export const prepare = (sql: string, params: readonly Param[] | undefined): Promise<Prepared> =>
  readPrepared(sql, params).catch(flatter);

/** The grammar accepts deeper nesting than recursion here can handle. */
function flatter(error: unknown): never {
  throw error instanceof RangeError ? tooDeep() : error;
}

async function readPrepared(sql: string, params: readonly Param[] | undefined): Promise<Prepared> {
  const before = recent.get(sql);
  // Without parameters, an earlier check of its constants is still valid.
  if (before?.query?.parameters.length === 0) return before;
  const prepared = before ?? (await read(sql));
  if (prepared.query) checkConstants(prepared.query.tree, params);
  if (recent.size >= MOST_RECENT) recent.clear();
  if (sql.length < LONG) recent.set(sql, prepared);
  return prepared;
}

/** Recent statements: models repeat themselves, and each page of an answer runs the same statement. */
const recent = new Map<string, Prepared>();
const MOST_RECENT = 200;
/** Statements of more characters are not kept. */
const LONG = 20_000;

async function read(sql: string): Promise<Prepared> {
  const grammar = await loadGrammar();
  if (sql.includes("\0")) throw new ToolError("invalid_input", "the statement holds a zero byte. Remove it.");
  const statement = readStatement(grammar.parse(sql));
  const tree =
    statement.kind === "explain" ? statement.explained : statement.kind === "select" ? statement.tree : undefined;
  if (tree) checkExpansion(tree);
  if (!tree) return { sql, statement, query: undefined };
  return { sql, statement, query: { tree, references: referencesOf(tree), parameters: parametersOf(tree) } };
}

const kept = new WeakMap<object, { readonly snapshot: string; readonly known: Knowledge }>();

/**
 * Judges a prepared statement by the catalogue of its server, inside the transaction that will run it.
 * @returns the columns to mask
 * @throws ToolError
 */
export const admit = (session: Session, prepared: Prepared, policy: Policy): Promise<Masked> =>
  judged(session, prepared, policy).catch(flatter);

async function judged(session: Session, { query, statement }: Prepared, policy: Policy): Promise<Masked> {
  if (session.facts.isSuperuser && !policy.allowsSuperuser) throw superuser(session.facts.role);
  const hidesSettings = session.facts.showsSecrets;
  if (!query && hidesSettings && isSecretSetting(text(statement.tree, "name") ?? "")) throw secretSetting();
  if (!query) return new Set();
  const known = await knowledgeOf(session);
  const before = known.admitted.get(query.references);
  if (before) return before;
  await known.learn(session, query.references);
  judge(query.references, known, { ...policy, hidesSettings });
  checkViews(query, known, await loadGrammar());
  const masked = checkMasks(query.tree, query.references, known, policy);
  known.admitted.set(query.references, masked);
  return masked;
}

/**
 * What is known of a catalogue is valid while nothing has been committed, and after that while the catalogue is
 * unchanged. On a standby, the snapshot does not reveal every commit.
 */
async function knowledgeOf(session: Session): Promise<Knowledge> {
  const before = kept.get(session.database);
  if (before?.snapshot === session.snapshot && !session.facts.isInRecovery) return before.known;
  const { relations, written } = before?.known.columns() ?? { relations: [], written: "" };
  const { stamp, columns } = await catalogueStamp(session, relations);
  const isSame = before?.known.stamp === stamp && written === columns;
  const known = isSame ? before.known : createKnowledge(stamp, await loadGrammar());
  kept.set(session.database, { snapshot: session.snapshot, known });
  return known;
}

const superuser = (role: string) =>
  new ToolError(
    "access_denied",
    `refused: the role ${role} is a superuser, whom PostgreSQL itself refuses nothing. Connect as a role that may only read: ` +
      "server-postgres --print-role-sql prints the SQL that makes one. For a database that can be lost, --allow-superuser.",
  );
