import { describe, expect, test } from "vitest";
import { locateObject, objectUrl, storeOf } from "../../src/oss/location.ts";

describe("locateObject and objectUrl", () => {
  // biome-ignore format: one row per case
  test.each([
    ["https://pics.oss-cn-hangzhou-internal.aliyuncs.com/a", "https://oss-cn-hangzhou-internal.aliyuncs.com", "pics", "https://pics.oss-cn-hangzhou-internal.aliyuncs.com/a%20b/%E5%9B%BE.jpg"],
    ["http://ap-1-ossalias.oss-cn-beijing.aliyuncs.com/a",   "http://oss-cn-beijing.aliyuncs.com",            "ap-1-ossalias", "http://ap-1-ossalias.oss-cn-beijing.aliyuncs.com/a%20b/%E5%9B%BE.jpg"],
    ["http://127.0.0.1:9000/a",                              "http://127.0.0.1:9000",                         "",     "http://127.0.0.1:9000//a%20b/%E5%9B%BE.jpg"],
    ["http://localhost:9000/a",                              "http://localhost:9000",                         "",     "http://localhost:9000//a%20b/%E5%9B%BE.jpg"],
  ])("%s", (url, endpoint, bucket, other) => {
    const location = locateObject(new URL(url), "a");
    expect(location).toMatchObject({ endpoint, bucket, key: "a", host: new URL(url).host });
    expect(objectUrl(location.endpoint, location.bucket, "a b/图.jpg")).toBe(other);
  });
});

describe("storeOf: signed reads", () => {
  const located = (url: string) => locateObject(new URL(url), "a");

  // biome-ignore format: one row per case
  test.each([
    ["https://b.oss-cn-hangzhou.aliyuncs.com/a",             "https://oss-cn-hangzhou.aliyuncs.com"],
    ["http://b.oss-cn-hangzhou-internal.aliyuncs.com/a",     "http://oss-cn-hangzhou-internal.aliyuncs.com"],
    ["https://b.cn-hangzhou.oss.aliyuncs.com/a",             "https://cn-hangzhou.oss.aliyuncs.com"],
    ["https://123.cn-hangzhou.fc.aliyuncs.com/a",            undefined],
    ["https://b.x.oss-cn-hangzhou.aliyuncs.com/a",           undefined],
    ["https://b.oss-cn-hangzhou.aliyuncs.com.example.com/a", undefined],
    ["https://b.evil-oss-cn-hangzhou.aliyuncs.com/a",        undefined],
  ])("from %s go to %s", (url, endpoint) => {
    if (endpoint === undefined) expect(() => storeOf(located(url), {}, false)).toThrow("OPALENS_OSS_ENDPOINT");
    else expect(storeOf(located(url), {}, false)).toEqual({ endpoint, bucket: "b" });
  });

  test("what is configured wins, and configured hosts are taken as they are", () => {
    const elsewhere = located("https://b.store.example.com/a");
    expect(storeOf(elsewhere, { endpoint: "https://oss-x.aliyuncs.com", bucket: "c" }, false)).toEqual({
      endpoint: "https://oss-x.aliyuncs.com",
      bucket: "c",
    });
    expect(storeOf(elsewhere, {}, true)).toEqual({ endpoint: "https://store.example.com", bucket: "b" });
  });

  test("a bare address names no bucket", () => {
    expect(() => storeOf(located("http://127.0.0.1:9/a"), {}, true)).toThrow("OPALENS_OSS_BUCKET");
    expect(storeOf(located("http://127.0.0.1:9/a"), { bucket: "b" }, true).bucket).toBe("b");
  });
});
