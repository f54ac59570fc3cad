/**
 * What Function Compute 3.0 and Serverless Devs document for `s.yaml` (access-point reference, sections 5 and 6), for the part
 * that a function like ours can use. Stricter than fc3's own schema, which lets misspelt names pass.
 */
const REGIONS = [
  ...["cn-hangzhou", "cn-shanghai", "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-shenzhen", "cn-chengdu"],
  ...["cn-hongkong", "us-west-1", "us-east-1", "ap-northeast-1", "ap-northeast-2", "ap-southeast-1", "ap-southeast-3"],
  ...["ap-southeast-5", "eu-central-1", "eu-west-1"],
]; // those with Object FC Access Points (section 1)

const text = { type: "string", minLength: 1 } as const;
/** A record in which only the listed names exist. */
function closed(properties: object, required: readonly string[] = []) {
  return { type: "object", properties, required, additionalProperties: false };
}
const hook = (maxTimeout: number) =>
  closed(
    {
      handler: { type: "string", pattern: "^[\\w/-]+\\.\\w+$" },
      timeout: { type: "integer", minimum: 1, maximum: maxTimeout },
    },
    ["handler"],
  );

const props = closed(
  {
    region: { enum: REGIONS },
    functionName: { type: "string", pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,63}$" },
    description: { type: "string", maxLength: 256 },
    runtime: { enum: ["nodejs12", "nodejs14", "nodejs16", "nodejs18", "nodejs20"] },
    code: { anyOf: [text, closed({ src: text, ossBucketName: text, ossObjectName: text })] },
    handler: { type: "string", pattern: "^[\\w/-]+\\.\\w+$" },
    role: { type: "string", pattern: "^([\\w.-]{1,64}|acs:ram::\\d+:role/[\\w.-]{1,64})$" },
    memorySize: { type: "integer", minimum: 128, maximum: 32_768, multipleOf: 64 },
    cpu: { type: "number", minimum: 0.05, maximum: 16, multipleOf: 0.05 },
    diskSize: { enum: [512, 10_240] },
    timeout: { type: "integer", minimum: 1, maximum: 86_400 },
    instanceConcurrency: { const: 1 }, // built-in runtimes
    instanceLifecycleConfig: closed({ initializer: hook(300), preStop: hook(90) }),
    environmentVariables: { type: "object", additionalProperties: { type: "string" } },
    logConfig: {
      anyOf: [
        { const: "auto" },
        closed(
          {
            project: text,
            logstore: text,
            enableRequestMetrics: { type: "boolean" },
            enableInstanceMetrics: { type: "boolean" },
            logBeginRule: { enum: ["DefaultRegex", "None"] },
          },
          ["project", "logstore"],
        ),
      ],
    },
    internetAccess: { type: "boolean" },
    concurrencyConfig: closed({ reservedConcurrency: { type: "integer", minimum: 0 } }, ["reservedConcurrency"]),
    tags: { type: "array", items: closed({ key: text, value: { type: "string" } }, ["key", "value"]) },
  },
  ["region", "functionName", "runtime", "code", "handler"],
);

export const S_YAML_SCHEMA = closed(
  {
    edition: { const: "3.0.0" },
    name: text,
    access: text,
    vars: { type: "object", additionalProperties: { type: "string" } },
    resources: {
      type: "object",
      minProperties: 1,
      additionalProperties: closed({ component: { const: "fc3" }, props }, ["component", "props"]),
    },
  },
  ["edition", "name", "resources"],
);
