import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readConfig, VARIABLES } from "../../src/config.ts";
import { ROOT } from "../support/library.ts";
import { S_YAML_SCHEMA } from "./s-yaml.schema.ts";

interface Hook {
  readonly handler: string;
  readonly timeout: number;
}
interface Props {
  readonly code: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memorySize: number;
  readonly cpu: number;
  readonly timeout: number;
  readonly instanceLifecycleConfig: { readonly initializer: Hook; readonly preStop: Hook };
  readonly environmentVariables: Readonly<Record<string, string>>;
}
interface Deployment {
  readonly vars: Readonly<Record<string, string>>;
  readonly resources: { readonly opalens: { readonly props: Props } };
}

const text = await readFile(join(ROOT, "s.yaml"), "utf8");
/** Replaces `${vars.name}` as Serverless Devs does; an unknown name is an error. */
function resolveVars(yaml: string): string {
  const { vars } = parse(yaml) as Deployment;
  return yaml.replace(/\$\{vars\.(\w+)\}/g, (_whole, name: string) => {
    const value = vars[name];
    if (value === undefined) throw new Error(`there is no variable ${name}`);
    return value;
  });
}
const deployment = parse(resolveVars(text)) as Deployment;
const { props } = deployment.resources.opalens;

const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true, multipleOfPrecision: 6 }).compile(
  S_YAML_SCHEMA,
);
/** Faults of the whole file, with one property of the function replaced or added. */
function faultsWith(change: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const changed = { ...deployment, resources: { opalens: { component: "fc3", props: { ...props, ...change } } } };
  return validate(changed) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
/** Section 5: vCPU to GB from 1:1 to 1:4. */
const isAllowedRatio = ({ cpu, memorySize }: Pick<Props, "cpu" | "memorySize">) =>
  memorySize / 1024 / cpu >= 1 && memorySize / 1024 / cpu <= 4;

describe("s.yaml", () => {
  test("holds what Function Compute documents and no other name", () => {
    expect(validate(deployment), JSON.stringify(validate.errors)).toBe(true);
    expect(faultsWith()).toEqual([]);
    expect(text).not.toMatch(/\$\{(?!vars\.)/);
  });

  // biome-ignore format: one row per case
  test.each<[string, Readonly<Record<string, unknown>>]>([
    ["a misspelt name",            { memorysize: 2048 }],
    ["memory off the steps of 64", { memorySize: 2000 }],
    ["too much memory",            { memorySize: 32_832 }],
    ["vCPU off the steps of 0.05", { cpu: 0.33 }],
    ["a disk size nobody sells",   { diskSize: 1024 }],
    ["a runtime that is not there", { runtime: "nodejs22" }],
    ["several requests at a time", { instanceConcurrency: 2 }],
    ["no time",                    { timeout: 0 }],
    ["a handler without a method", { handler: "index" }],
    ["a hook of older versions",   { instanceLifecycleConfig: { preFreeze: { handler: "index.preStop" } } }],
    ["a hook that takes too long", { instanceLifecycleConfig: { preStop: { handler: "index.preStop", timeout: 91 } } }],
    ["a number in the environment", { environmentVariables: { OPALENS_DEADLINE_MS: 20_000 } }],
    ["a region without access points", { region: "cn-nanjing" }],
    ["a bad role",                 { role: "acs:ram::role/x" }],
  ])("the schema refuses %s", (_name, change) => {
    expect(faultsWith(change)).not.toEqual([]);
  });

  test("vCPU and memory are in an allowed ratio", () => {
    expect(isAllowedRatio(props)).toBe(true);
    expect(isAllowedRatio({ cpu: 0.45, memorySize: 2048 })).toBe(false);
    expect(isAllowedRatio({ cpu: 2.05, memorySize: 2048 })).toBe(false);
  });

  test("names handlers that the bundle exports", () => {
    const { initializer, preStop } = props.instanceLifecycleConfig;
    expect([props.handler, initializer.handler, preStop.handler]).toEqual([
      "index.handler",
      "index.initializer",
      "index.preStop",
    ]);
    for (const name of [props.handler, initializer.handler, preStop.handler]) {
      const [file, method] = name.split(".") as [string, string];
      const exported = createRequire(import.meta.url)(join(ROOT, props.code, `${file}.js`)) as Record<string, unknown>;
      expect(exported[method], name).toBeTypeOf("function");
    }
    expect(join(ROOT, props.code)).toBe(join(ROOT, "dist/fc"));
  });

  test("sets variables that exist, rightly, and leaves time to answer", () => {
    const names = VARIABLES.map(({ name }) => name);
    expect(Object.keys(props.environmentVariables).filter((name) => !names.includes(name))).toEqual([]);
    const config = readConfig(props.environmentVariables); // throws with every fault
    expect(config.deadlineMs + 5000).toBeLessThanOrEqual(props.timeout * 1000);
  });

  test("holds no secret", () => {
    expect(text).not.toMatch(/LTAI[A-Za-z0-9]{8}|STS\.[A-Za-z0-9]{8}/);
    expect(text).not.toMatch(/^\s*\w*(secret|token|accessKey)\w*\s*:/im);
    expect(Object.keys(props.environmentVariables)).not.toContain("OPALENS_SIGNING_KEYS");
  });
});
