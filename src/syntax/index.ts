export { parseKeyArguments, splitKey } from "./key.ts";
export { printPlan } from "./print.ts";
export { plainQuery, printQuery } from "./print-query.ts";
export { type Grammar, type Parsed, parseProcessOrStyle, parseQueryString, parseText, type SyntaxOptions } from "./request.ts";
