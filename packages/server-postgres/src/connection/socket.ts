import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { connect as connectTcp, type Socket } from "node:net";
import { homedir } from "node:os";
import path from "node:path";
import { type ConnectionOptions, checkServerIdentity, connect as connectTls } from "node:tls";
import { quote, ToolError } from "@org/server-kit";
import type { Host, Settings } from "./settings.ts";
import type { Pipe } from "./wire.ts";

/** The request for TLS: its length, and a reserved protocol version. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * A socket to a host, with TLS according to libpq's `sslmode`.
 * @throws ToolError that says which check failed, and which option to use
 */
export async function openSocket(settings: Settings, host: Host, useTls: boolean, signal: AbortSignal): Promise<Pipe> {
  if (settings.openPipe) return settings.openPipe();
  const socket = await connected(host, signal);
  if (!useTls || host.host.startsWith("/")) return socket;
  try {
    socket.write(SSL_REQUEST);
    const answer = await firstByte(socket, signal);
    if (answer === "S") return await secured(socket, settings, host, signal);
    // Falls back to plain text only if the server says that it has no TLS, never after TLS has failed.
    if (answer === "N" && settings.sslMode === "prefer") return socket;
    throw new ToolError(
      "unavailable",
      `the server at ${place(host)} does not offer TLS, and sslmode is ${settings.sslMode}. Turn TLS on there; ` +
        "sslmode=disable fits a network that you trust.",
      { retryable: false },
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

export const place = ({ host, port }: Host) => quote(host.startsWith("/") ? host : `${host}:${port}`, 200).slice(1, -1);

/** Bytes read at a time. */
const READ = 64 << 10;

function connected(host: Host, signal: AbortSignal): Promise<Socket> {
  const target = host.host.startsWith("/")
    ? { path: `${host.host}/.s.PGSQL.${host.port}` }
    : { host: host.host, port: host.port, noDelay: true, keepAlive: true };
  return new Promise((resolve, reject) => {
    // One buffer for all reads: discarding 50 MB of data should not create 50 MB of garbage.
    const buffer = Buffer.allocUnsafeSlow(READ);
    const callback = (length: number): boolean => socket.emit("data", buffer.subarray(0, length));
    const socket: Socket = connectTcp({ ...target, onread: { buffer, callback } });
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      socket.destroy();
      reject(signal.aborted ? timedOut(host) : refused(error, host));
    };
    const abort = () => fail(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    socket.once("error", fail);
    socket.once("connect", () => {
      signal.removeEventListener("abort", abort);
      socket.off("error", fail);
      // Users of the socket add their own listener; without any, a reset would end the process.
      socket.on("error", () => {});
      resolve(socket);
    });
  });
}

export const timedOut = (host: Host) =>
  new ToolError(
    "unavailable",
    `the database at ${place(host)} did not answer in time. Check the host, the port and firewalls.`,
  );

function refused(error: Error, host: Host): ToolError {
  const code = "code" in error ? String(error.code) : "";
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: "refused the connection. Is PostgreSQL running there, and is the port right?",
    ENOTFOUND: "cannot be found: there is no host of that name.",
    EAI_AGAIN: "cannot be looked up now. Try again.",
    ENOENT: "has no socket there. Is PostgreSQL running, and is the directory right?",
    EACCES: "may not be connected to by this user.",
  };
  return new ToolError(
    "unavailable",
    `the database at ${place(host)} ${reasons[code] ?? `cannot be reached (${code || "unknown reason"}).`}`,
  );
}

/** The server's one-letter reply. Any unrequested bytes after it would be from an attacker in between. */
function firstByte(socket: Socket, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const done = (action: () => void) => {
      socket.off("data", read).off("close", lost);
      signal.removeEventListener("abort", lost);
      action();
    };
    const read = (chunk: Buffer) => {
      socket.pause();
      done(() =>
        chunk.length === 1
          ? resolve(chunk.toString("latin1"))
          : reject(
              new ToolError(
                "unavailable",
                "the server answered to the request for TLS with something else. Is it PostgreSQL?",
              ),
            ),
      );
    };
    const lost = () =>
      done(() =>
        reject(new ToolError("unavailable", "the server closed the connection when asked for TLS. Try again.")),
      );
    socket.on("data", read).on("close", lost);
    signal.addEventListener("abort", lost, { once: true });
  });
}

async function secured(socket: Socket, settings: Settings, host: Host, signal: AbortSignal): Promise<Socket> {
  const options = await tlsOptions(settings, host);
  return new Promise((resolve, reject) => {
    const secure = connectTls({ ...options, socket });
    const fail = (error: Error) => {
      signal.removeEventListener("abort", abort);
      secure.destroy();
      reject(signal.aborted ? timedOut(host) : tlsError(error, settings, host));
    };
    const abort = () => fail(new Error("aborted"));
    signal.addEventListener("abort", abort, { once: true });
    secure.once("error", fail);
    secure.once("secureConnect", () => {
      signal.removeEventListener("abort", abort);
      secure.off("error", fail);
      secure.on("error", () => {});
      resolve(secure);
    });
  });
}

/** As in libpq, `require` with a CA file verifies like `verify-ca`, and `sslrootcert=system` like `verify-full`. */
export function checkOf({ sslMode, neverVerify, rootCert }: Settings): "none" | "chain" | "name" {
  if (neverVerify) return "none";
  if (sslMode === "verify-full" || (rootCert === "system" && sslMode !== "disable")) return "name";
  if (sslMode === "verify-ca" || (sslMode === "require" && rootCert !== undefined)) return "chain";
  return "none";
}

async function tlsOptions(settings: Settings, { host }: Host): Promise<ConnectionOptions> {
  const check = checkOf(settings);
  const [ca, cert, key] = await Promise.all([
    check === "none" ? undefined : rootCertificates(settings.rootCert),
    read("sslcert", settings.clientCert),
    read("sslkey", settings.clientKey),
  ]);
  const isName = !/^[\d.]+$|:/.test(host);
  return {
    rejectUnauthorized: check !== "none",
    checkServerIdentity:
      check === "name" ? (_, certificate) => checkServerIdentity(host, certificate) : () => undefined,
    ...(isName && { servername: host }),
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key }),
    ...(settings.clientKeyPassword !== undefined && { passphrase: settings.clientKeyPassword }),
    ALPNProtocols: ["postgresql"],
  };
}

/** The given file, else libpq's default file, else the certificate authorities of Node.js. */
async function rootCertificates(rootCert: string | undefined): Promise<Buffer | undefined> {
  if (rootCert === "system") return undefined;
  const usual = path.join(homedir(), ".postgresql", "root.crt");
  return read("sslrootcert", rootCert ?? (existsSync(usual) ? usual : undefined));
}

async function read(option: string, file: string | undefined): Promise<Buffer | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file);
  } catch {
    throw new ToolError("invalid_input", `${option}: its file cannot be read. Check the path and its permissions.`);
  }
}

const CHAIN = new Set([
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
]);

export function tlsError(error: Error, settings: Settings, host: Host): ToolError {
  const code = "code" in error ? String(error.code) : "";
  const say = (text: string) => new ToolError("unavailable", text, { retryable: false });
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") {
    return say(
      `the certificate of ${place(host)} is for another host name: the name check of sslmode=verify-full failed. Use the name in the certificate, or sslmode=verify-ca to check the authority alone.`,
    );
  }
  if (CHAIN.has(code)) {
    return say(
      `the certificate of ${place(host)} was not issued by a known authority: the chain check of sslmode=${settings.sslMode} failed. Name the authority's file with sslrootcert=/path/ca.pem, or use sslmode=require to encrypt without a check.`,
    );
  }
  if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") {
    return say(
      `the certificate of ${place(host)} ${code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"}. Renew it there, or use sslmode=require to encrypt without a check.`,
    );
  }
  if (/ALERT|CERTIFICATE_REQUIRED|HANDSHAKE|SSL|TLS/.test(code)) {
    return say(
      `TLS with ${place(host)} failed (${code}). Nothing was sent without it. A server that wants a client certificate needs sslcert and sslkey.`,
    );
  }
  return say(
    `TLS with ${place(host)} was broken off (${code || "the connection was closed"}). Nothing was sent without it; sslmode=disable fits a network that you trust.`,
  );
}
