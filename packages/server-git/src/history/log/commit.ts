import { decodeBytes } from "../../text/visible.ts";
import type { Reader } from "../reader.ts";
import type { Commit } from "../types.ts";
import { parseMessage } from "./trailers.ts";

const START = 1;
/** Bytes read of a commit: one of 100 MB would hold up all other calls. */
const MOST = 1 << 20;

/** A start byte with the id, then parents, author, committer, encoding, refs and message. */
const FIELDS = ["%x01%H", "%P", "%an", "%ae", "%aI", "%cn", "%ce", "%cI", "%e", "%D", "%B"];

/**
 * Each commit is a start byte and its fields, each ended by NUL, with the message last. No field of a commit can
 * contain a NUL, so nothing in a message can pass for another field. Messages and names are in UTF-8 wherever git can
 * convert them.
 */
export const COMMITS = [
  "-z",
  "--encoding=UTF-8",
  `--format=tformat:${FIELDS.join("%x00")}`,
  ...["--no-color", "--no-show-signature", "--no-mailmap", "--no-notes", "--no-follow", "--decorate=full"],
  ...["HEAD", "refs/heads/", "refs/remotes/", "refs/tags/"].map((kind) => `--decorate-refs=${kind}`),
];

/** The next commit of a log with {@link COMMITS}; undefined at the end. */
export async function readCommit(reader: Reader): Promise<Commit | undefined> {
  // Creating a promise for each would take longer than reading the commit.
  const start = reader.peek();
  if ((start instanceof Promise ? await start : start) !== START) return undefined;
  const found = reader.fields(FIELDS.length);
  const read = (found instanceof Promise ? await found : found) ?? Buffer.alloc(0);
  const fields = decodeBytes(read.length > MOST ? read.subarray(0, MOST) : read).split("\0");
  const [id = "", parents = "", name = "", email = "", date = "", ...more] = fields;
  const [by = "", address = "", committed = "", encoding = "", refs = "", text = ""] = more;
  const isOther = encoding !== "" && !/^utf-?8$/i.test(encoding);
  return {
    id: id.slice(1),
    parents: parents === "" ? [] : parents.split(" "),
    author: { name, email, date },
    committer: { name: by, email: address, date: committed },
    refs: refsIn(refs),
    ...(isOther && { encoding }),
    ...parseMessage(text),
  };
}

/** `HEAD -> refs/heads/main, tag: refs/tags/v1`: ref names contain no spaces. */
const refsIn = (text: string) =>
  text === ""
    ? []
    : text
        .split(", ")
        .flatMap((part) => part.replace(/^tag: /, "").split(" -> "))
        .filter((name) => name === "HEAD" || name.startsWith("refs/"));
