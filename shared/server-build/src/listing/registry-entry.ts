/** An entry of the MCP Registry, as far as we write it. */
export interface RegistryEntry {
  readonly $schema: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly version: string;
  readonly websiteUrl: string;
  readonly repository: { readonly url: string; readonly source: string; readonly subfolder?: string };
  readonly icons: readonly { readonly src: string; readonly mimeType: string; readonly sizes: readonly string[] }[];
  readonly packages: readonly RegistryPackage[];
}

export interface RegistryPackage {
  readonly registryType: string;
  readonly identifier: string;
  readonly version?: string;
  readonly fileSha256?: string;
  readonly runtimeHint?: string;
  readonly transport: { readonly type: string; readonly url?: string };
  readonly runtimeArguments?: readonly RegistryArgument[];
  readonly packageArguments?: readonly RegistryArgument[];
  readonly environmentVariables?: readonly RegistryInput[];
}

export interface RegistryInput {
  readonly name: string;
  readonly description?: string;
  readonly format?: "string" | "number" | "boolean" | "filepath";
  readonly default?: string;
  readonly placeholder?: string;
  readonly choices?: readonly string[];
  readonly isRequired?: boolean;
  readonly isSecret?: boolean;
}

export type RegistryArgument =
  | { readonly type: "positional"; readonly value: string }
  | (RegistryInput & { readonly type: "named"; readonly value?: string });
