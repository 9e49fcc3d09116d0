/**
 * A host of its own for the tests, in the browser: it shows a page in a sandboxed frame, as hosts do, and speaks with it
 * through the official bridge.
 */

import type { CallToolResult } from "@modelcontextprotocol/client";
import { AppBridge, PostMessageTransport } from "@modelcontextprotocol/ext-apps/app-bridge";

export interface Scene {
  readonly html: string;
  readonly theme: "light" | "dark";
  readonly width: number;
  readonly args: Record<string, unknown>;
  readonly result: CallToolResult;
  /** Whether the host lets the page call tools of the server. */
  readonly mayCall: boolean;
}

declare global {
  interface Window {
    show(scene: Scene): Promise<void>;
    setTheme(theme: "light" | "dark"): void;
    teardown(): Promise<unknown>;
    /** Given by the test: calls the tool of the real server. */
    callTool(name: string, args: Record<string, unknown> | undefined): Promise<CallToolResult>;
  }
}

let bridge: AppBridge;

window.show = async ({ html, theme, width, args, result, mayCall }) => {
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts");
  frame.style.cssText = `display:block;border:0;width:${width}px;height:100px`;
  document.body.style.cssText = `margin:0;background:${theme === "dark" ? "#1d232d" : "#fff"}`;
  document.body.replaceChildren(frame);
  const inside = frame.contentWindow;
  if (!inside) throw new Error("The frame has no window.");
  const capabilities = mayCall ? { serverTools: {} } : {};
  bridge = new AppBridge(null, { name: "test-host", version: "1.0.0" }, capabilities, { hostContext: { theme } });
  bridge.oncalltool = ({ name, arguments: given }) => window.callTool(name, given);
  const initialized = new Promise<void>((resolve) => {
    bridge.oninitialized = () => resolve();
  });
  bridge.onsizechange = ({ height }) => {
    if (height !== undefined) frame.style.height = `${height}px`;
  };
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  await bridge.connect(new PostMessageTransport(inside, inside));
  frame.srcdoc = html;
  await loaded;
  await initialized;
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(result);
};

window.setTheme = (theme) => bridge.setHostContext({ theme });
window.teardown = () => bridge.teardownResource({});
