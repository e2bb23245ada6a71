import assert from "node:assert/strict";
import { hostPaths } from "../../../policies/host-paths";
import { imagesFromSiteRegistry } from "../../../policies/images-from-site-registry";
import { podSecurity } from "../../../policies/pod-security";
import { containersOf, podTemplate } from "../../../policies/support/pods";
import { checked, unknownText } from "../../../policies/support/unknown";
import { judged, objectSubject } from "../support/judging";
import { deployment } from "../support/sample-objects";

/** A good Deployment's Pods in an object of another kind. */
const asKind = (apiVersion: string, kind: string) => ({ ...deployment(), apiVersion, kind });

describe("Pods that rules look at", () => {
  for (const [title, made, path] of [
    ["a ReplicationController's", asKind("v1", "ReplicationController"), "spec.template"],
    ["an Argo Rollout's", asKind("argoproj.io/v1alpha1", "Rollout"), "spec.template"],
    [
      "a PodTemplate's",
      { apiVersion: "v1", kind: "PodTemplate", metadata: {}, template: deployment().spec.template },
      "template",
    ],
  ] as const) {
    it(`are ${title} too`, () => {
      const pods = podTemplate(objectSubject(made).object);
      assert.equal(pods?.path, path);
      const bad = structuredClone(made) as ReturnType<typeof deployment>;
      const { spec } = bad.template ?? bad.spec.template;
      Object.assign(spec, { hostNetwork: true, volumes: [{ hostPath: { path: "/" } }] });
      spec.containers[0].image = "nginx:latest";
      for (const rule of [podSecurity, hostPaths, imagesFromSiteRegistry]) {
        assert.deepEqual(judged(rule, [objectSubject(made)]).findings, [], rule.name);
        assert.equal(judged(rule, [objectSubject(bad)]).findings.length, 1, rule.name);
      }
    });
  }

  it("are none of objects that only have a template of something else", () => {
    for (const spec of [
      { template: { metadata: { labels: {} } } },
      { template: { spec: { containers: {} } } },
      { template: [] },
    ]) {
      const object = { apiVersion: "example.com/v1", kind: "Thing", metadata: {}, spec };
      assert.equal(podTemplate(object), undefined);
    }
    for (const kind of ["constructor", "toString"]) {
      assert.equal(podTemplate({ apiVersion: "v1", kind }), undefined);
    }
  });

  it("do not hold up rules where a custom resource is not known yet", () => {
    const object = { apiVersion: "example.com/v1", kind: "Thing", spec: unknownText };
    assert.equal(podTemplate(checked(object)), undefined);
  });

  it("are judged with what is put into them to look at them", () => {
    const pod = structuredClone(deployment().spec.template);
    const [one] = pod.spec.containers;
    pod.spec.ephemeralContainers = [
      { ...one, name: "look", securityContext: { ...one.securityContext, privileged: true } },
    ];
    const object = { apiVersion: "v1", kind: "Pod", ...pod };
    const template = podTemplate(object);
    assert.ok(template);
    const paths = [...containersOf(template)].map(({ path }) => path);
    assert.deepEqual(paths, ["spec.containers[0]", "spec.ephemeralContainers[0]"]);
    const { findings } = judged(podSecurity, [objectSubject(object)]);
    assert.deepEqual(
      findings.map(({ path }) => path),
      ["spec.ephemeralContainers[0].securityContext.privileged"],
    );
  });
});
