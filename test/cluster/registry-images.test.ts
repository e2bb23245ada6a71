import assert from "node:assert/strict";
import { type AskRegistry, presenceOf } from "../../cli/step/registry-images";
import { RunError } from "../../site/run-error";

const digest = `sha256:${"a".repeat(64)}`;
const pinned = `shop/api:1.0@${digest}`;

/** A registry that knows some references, and shows each repository only to those who ask with the right login. */
function registry(known: readonly string[], hidden: readonly string[] = []): AskRegistry {
  return async ({ method, path, accept }, authorization) => {
    const url = new URL(path, "https://registry");
    if (url.pathname === "/service/token") {
      const scope = url.searchParams.get("scope") ?? "";
      return {
        status: 200,
        body: JSON.stringify({ token: `${authorization ?? "nobody"}|${scope}` }),
      };
    }
    assert.equal(method, "HEAD");
    assert.match(accept ?? "", /image\.index/, "a registry hides what one does not ask for");
    const [, repository = "", reference = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(path) ?? [];
    assert.ok(authorization?.endsWith(`|repository:${repository}:pull`), authorization);
    if (hidden.includes(repository) && authorization?.startsWith("Bearer nobody|")) {
      return { status: 401, body: "" };
    }
    return { status: known.includes(`${repository} ${reference}`) ? 200 : 404, body: "" };
  };
}

describe("An image in the site's registry", () => {
  const cases: readonly (readonly [string, AskRegistry, string, string | undefined, string])[] = [
    ["by its digest is there", registry([`shop/api ${digest}`]), pinned, undefined, "there"],
    [
      "by its tag alone has another digest",
      registry(["shop/api 1.0"]),
      pinned,
      undefined,
      "other digest",
    ],
    ["by neither is missing", registry(["shop/api 1.1"]), pinned, undefined, "missing"],
    [
      "that is pinned by its tag only is there by it",
      registry(["a/b/c 2"]),
      "a/b/c:2",
      undefined,
      "there",
    ],
    [
      "in a private project is hidden from everybody",
      registry([], ["shop/api"]),
      pinned,
      undefined,
      "hidden",
    ],
    [
      "in a private project shows with a login",
      registry([`shop/api ${digest}`], ["shop/api"]),
      pinned,
      "admin:x",
      "there",
    ],
  ];
  for (const [title, asker, image, login, expected] of cases) {
    it(title, async () => {
      const found = await presenceOf(asker, [image], login);
      assert.deepEqual([...found], [[image, expected]]);
    });
  }

  for (const [title, asker] of [
    ["gives no answer", async () => Promise.reject(new Error("connection refused"))],
    ["answers with a fault of its own", async () => ({ status: 500, body: "" })],
    ["is none", async () => ({ status: 200, body: "<html>" })],
  ] as const) {
    it(`of a registry that ${title} is an error with a next step, never missing`, async () => {
      await assert.rejects(presenceOf(asker, [pinned]), (error) => {
        assert.ok(error instanceof RunError);
        assert.equal(error.exitCode, 6);
        assert.match(error.message, /next: /);
        return true;
      });
    });
  }
});
