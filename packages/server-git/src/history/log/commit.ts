import { decodeBytes } from "../../text/visible.ts";
import type { Reader } from "../reader.ts";
import type { Commit } from "../types.ts";
import { parseMessage } from "./trailers.ts";

const START = 1;

/**
 * Each commit: a start byte, its fields ended by NULs, the message last. No field of a commit can hold a NUL, so nothing
 * in a message can look like the next field. Messages and names come in UTF-8 wherever git can convert them.
 */
export const COMMITS = [
  "-z",
  "--encoding=UTF-8",
  "--format=tformat:%x01%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%e%x00%D%x00%B",
  ...["--no-color", "--no-show-signature", "--no-mailmap", "--no-notes", "--no-follow", "--decorate=full"],
  ...["HEAD", "refs/heads/", "refs/remotes/", "refs/tags/"].map((kind) => `--decorate-refs=${kind}`),
];

/** The next commit of a log with {@link COMMITS}; undefined at the end. */
export async function readCommit(reader: Reader): Promise<Commit | undefined> {
  if ((await reader.peek()) !== START) return undefined;
  const field = async () => decodeBytes((await reader.field()) ?? Buffer.alloc(0));
  const id = (await field()).slice(1);
  const parents = words(await field());
  const author = { name: await field(), email: await field(), date: await field() };
  const committer = { name: await field(), email: await field(), date: await field() };
  const encoding = await field();
  const refs = refsIn(await field());
  const message = parseMessage(await field());
  const isOther = encoding !== "" && !/^utf-?8$/i.test(encoding);
  return { id, parents, author, committer, refs, ...(isOther && { encoding }), ...message };
}

const words = (text: string) => (text === "" ? [] : text.split(" "));

/** `HEAD -> refs/heads/main, tag: refs/tags/v1`: no name of a ref holds a space. */
const refsIn = (text: string) =>
  text
    .split(", ")
    .flatMap((part) => part.replace(/^tag: /, "").split(" -> "))
    .filter((name) => name === "HEAD" || name.startsWith("refs/"));
