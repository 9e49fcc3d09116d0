import type { ServerDescription } from "@org/server-build/listing";

type Tool = ServerDescription["tools"][number];

/**
 * The parts of the open Tool Definition Quality Score, by which directories rank servers, that a program can check.
 * Each dimension is 1 to 5. Whether a sentence is true or well put is left to the review of the snapshots.
 */
export interface ToolScore {
  readonly tool: string;
  readonly purpose: number;
  readonly usage: number;
  readonly behaviour: number;
  readonly parameters: number;
  readonly concise: number;
  readonly complete: number;
  readonly total: number;
}

const WEIGHTS = { purpose: 0.25, usage: 0.2, behaviour: 0.2, parameters: 0.15, concise: 0.1, complete: 0.1 };
/** Weights of the two parts in a server's score, and of the mean and the worst tool. */
const [DEFINITIONS, COHERENCE, MEAN, WORST] = [0.7, 0.3, 0.6, 0.4];

export interface ServerScore {
  readonly tools: readonly ToolScore[];
  readonly coherence: number;
  readonly total: number;
}

export function scoreServer({ tools }: Pick<ServerDescription, "tools">): ServerScore {
  const scores = tools.map((tool) => scoreTool(tool, tools));
  const totals = scores.map(({ total }) => total);
  const definitions = MEAN * mean(totals) + WORST * Math.min(...totals);
  const coherence = scoreCoherence(tools);
  return { tools: scores, coherence, total: DEFINITIONS * definitions + COHERENCE * coherence };
}

function scoreTool(tool: Tool, all: readonly Tool[]): ToolScore {
  const { name, description } = tool;
  const scores = {
    purpose: purpose(tool),
    usage: usage(
      description,
      all.map((other) => other.name).filter((other) => other !== name),
    ),
    behaviour: behaviour(tool),
    parameters: parameters(tool),
    concise: marks([
      description.length <= 300,
      description.length <= 200,
      sentences(description) <= 4,
      !/\b(please|simply|very)\b/i.test(description),
    ]),
    complete: marks([
      tool.outputSchema !== undefined || RESULT.test(description),
      description.length >= 60,
      sentences(description) >= 2,
    ]),
  };
  const total =
    description.trim() === ""
      ? 1
      : Object.entries(WEIGHTS).reduce((sum, [key, weight]) => sum + weight * at(scores, key), 0);
  return { tool: name, ...scores, total };
}

/** The description says what the tool does, begins with a verb, and does not merely repeat its name or title. */
function purpose({ name, title, description }: Tool): number {
  const same = [name, name.replaceAll("_", " "), title].some(
    (words) => words.toLowerCase() === description.toLowerCase().replace(/\.$/, ""),
  );
  const score = marks([
    /^[A-Z][a-z]+s\b|^(?:Type|Finds)/.test(description),
    description.length >= 40,
    title.toLowerCase() !== name && title.length >= name.length / 2,
    /^[a-z]+(?:_[a-z]+)+$/.test(name),
  ]);
  return same ? Math.min(2, score) : score;
}

/** It says when to use the tool, and names the one to use otherwise. A server's only tool has no other. */
function usage(description: string, others: readonly string[]): number {
  const saysWhen = /\b(?:use|when|instead|for|with|without|unless|only|never)\b/i.test(description);
  const namesOther = others.length === 0 || others.some((other) => description.includes(other));
  const saysHow = /\b(?:use|when|if|unless|with|without|never|only|default)\b/i.test(description);
  return marks([saysWhen, namesOther || /\bnever|only|succeeds|default/i.test(description), saysHow]);
}

/** All four hints are set and agree with the description; a writing tool says what happens to existing data. */
function behaviour({ annotations, description }: Tool): number {
  const hints = Object.values(annotations).filter((hint) => typeof hint === "boolean").length === 4;
  const { readOnlyHint, destructiveHint } = annotations;
  const claims = /^(?:Deletes|Removes|Replaces|Writes|Creates|Moves|Renames|Adds|Commits|Edits)\b/.test(description);
  if (readOnlyHint && (destructiveHint || claims)) return 1;
  const effect =
    readOnlyHint ||
    /\b(?:never|overwrit|replac|atomic|trash|gone|keeps|kept|nothing|all|none|refus|fail|already|exist|only|undo|confirm)/i.test(
      description,
    );
  return marks([hints, effect, RESULT.test(description) || effect]);
}

/** Every parameter is described, closed sets are enums, and descriptions give a format or an example. */
function parameters({ inputSchema }: Tool): number {
  const properties = Object.values(Object(inputSchema.properties ?? {})).map((schema) => Object(schema));
  if (properties.length === 0) return 5;
  const described = properties.filter(({ description }) => typeof description === "string" && description.length >= 8);
  const telling = properties.filter(
    ({ description, enum: choices }) => choices || /[:;('"\d]|default|such as|[a-z]_[a-z]/i.test(String(description)),
  );
  const coverage = described.length / properties.length;
  return marks([
    coverage > 0.8,
    coverage === 1,
    telling.length / properties.length >= 0.3,
    inputSchema.additionalProperties === false,
  ]);
}

/** Names follow one pattern, the tools are few and distinct, and what they can create they can also undo. */
function scoreCoherence(tools: readonly Tool[]): number {
  const verbs = tools.map(({ name }) => name.split("_")[0] ?? "");
  const count = tools.length;
  return marks([
    tools.every(({ name }) => /^[a-z]+(?:_[a-z]+)+$/.test(name)),
    new Set(tools.map(({ description }) => description.slice(0, 40))).size === count,
    count >= 3 && count <= 15,
    !verbs.some((verb) => /^(?:do|manage|handle|process|run|execute)$/.test(verb)) || count <= 15,
  ]);
}

const RESULT = /\b(?:returns?|lists?|finds?|shows?|gives?|answers?|says?|type, size|reports?|reads?)\b/i;

/** 1 if no criterion is met, 5 if all are. */
const marks = (kept: readonly boolean[]) => 1 + (4 * kept.filter(Boolean).length) / kept.length;
const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
const sentences = (text: string) => text.split(/[.!?](?:\s|$)/).filter((part) => part.trim() !== "").length;
const at = (scores: Readonly<Record<string, number>>, key: string) => scores[key] ?? 0;
