import fc from "fast-check";
import {
  Archive,
  Asset,
  type PropertyMap,
  type PropertyValue,
  ResourceReference,
  Secret,
  Unknown,
} from "../../../rehearsal/plugins/protocol/values";

const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => text !== "__proto__");

const leaf: fc.Arbitrary<PropertyValue> = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.string(),
  fc.constantFrom<PropertyValue>(
    new Unknown(),
    new Unknown("object"),
    new Asset({ text: "content", hash: "ab" }),
    new Asset({ path: "/file" }),
    new Archive({ path: "folder/", hash: "cd" }),
    new Archive({ assets: { "a/b": new Asset({ uri: "file:///x" }) } }),
    new ResourceReference("urn:pulumi:dev::p::t:m:T::name", "id-1", "1.2.3"),
  ),
);

/** Any value a property can have. */
export const anyValue: fc.Arbitrary<PropertyValue> = fc.letrec<{ value: PropertyValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(name, tie("value"), { maxKeys: 4 }),
    tie("value").map((value) => new Secret(value)),
  ),
})).value;

/** Any properties of a resource. */
export const anyMap: fc.Arbitrary<PropertyMap> = fc.dictionary(name, anyValue, { maxKeys: 5 });
