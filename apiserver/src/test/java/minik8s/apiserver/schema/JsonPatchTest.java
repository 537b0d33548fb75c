package minik8s.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import minik8s.api.ApiException;
import minik8s.api.codec.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class JsonPatchTest {
  private static final Schemas SCHEMAS = new Schemas();
  private static final TypeSchema CONFIG_MAP =
      SCHEMAS.find(new Gvk("", "v1", "ConfigMap")).orElseThrow();
  private static final String BASE =
      "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x','finalizers':['a','b']},"
          + "'data':{'k':'v','a/b':'1','m~n':'2'}}";

  private static ObjectNode json(String text) {
    return (ObjectNode) Json.parse(text.replace('\'', '"'));
  }

  private static ObjectNode patch(PatchType type, String patch) {
    return Patches.apply(
            type,
            CONFIG_MAP,
            json(BASE),
            patch.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
            FieldValidation.STRICT)
        .document();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'op':'add','path':'/data/n','value':'x'}] | /data/n | 'x'",
        "[{'op':'add','path':'/metadata/finalizers/-','value':'c'}] | /metadata/finalizers |"
            + " ['a','b','c']",
        "[{'op':'add','path':'/metadata/finalizers/0','value':'c'}] | /metadata/finalizers |"
            + " ['c','a','b']",
        "[{'op':'remove','path':'/metadata/finalizers/-1'}] | /metadata/finalizers | ['a']",
        "[{'op':'replace','path':'/data/a~1b','value':'9'}] | /data/a~1b | '9'",
        "[{'op':'replace','path':'/data/m~0n','value':'9'}] | /data/m~0n | '9'",
        "[{'op':'move','from':'/data/k','path':'/data/z'}] | /data | {'a/b':'1','m~n':'2','z':'v'}",
        "[{'op':'copy','from':'/data/k','path':'/data/z'}] | /data/z | 'v'",
        "[{'op':'test','path':'/data/k','value':'v'},{'op':'remove','path':'/data'}] | /metadata |"
            + " {'name':'x','finalizers':['a','b']}",
        "[{'op':'test','path':'/data/none','value':null}] | /data/k | 'v'",
        "[{'op':'remove','path':'/kind'}] | /kind | 'ConfigMap'",
      })
  void appliesOperations(String patch, String where, String expected) {
    assertThat(patch(PatchType.JSON, patch).at(where))
        .isEqualTo(Json.parse(expected.replace('\'', '"')));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[{'op':'test','path':'/data/k','value':'w'}] | 422 | testing value /data/k failed",
        "[{'op':'remove','path':'/data/none'}] | 422 | doc is missing path: /data/none",
        "[{'op':'replace','path':'/data/none','value':1}] | 422 | doc is missing path",
        "[{'op':'add','path':'/none/x','value':1}] | 422 | doc is missing path",
        "[{'op':'add','path':'/metadata/finalizers/9','value':'x'}] | 422 | invalid index: 9",
        "[{'op':'move','from':'/data','path':'/data/x'}] | 422 | is inside",
        "[{'op':'what','path':'/data'}] | 422 | Unexpected kind: what",
        "[{'op':'add','path':'/data/n'}] | 422 | has no value",
        "[{'op':'add','path':'/data/n','value':1}] | 422 | patch: Invalid value",
        "[{'op':'add','path':'/foo','value':1}] | 422 | strict decoding error: unknown field"
            + " \"foo\"",
        "{'op':'add'} | 400 | cannot unmarshal object into Go value of type jsonpatch.Patch",
        "[{ | 400 | error decoding patch",
        "[{'op':'replace','path':'/kind','value':'Secret'}] | 400 | the kind in the data (Secret)",
      })
  void refusesWhatDoesNotApply(String patch, int code, String message) {
    assertThatThrownBy(() -> patch(PatchType.JSON, patch))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.failure().message()).contains(message);
              assertThat(e.failure().code()).isEqualTo(code);
            });
  }

  @Test
  void mergesByRfc7396() {
    assertThat(
            patch(
                    PatchType.MERGE,
                    "{'metadata':{'finalizers':['z'],'labels':{'a':'b','c':null}},"
                        + "'data':{'k':null,'n':'1'}}")
                .toString()
                .replace('"', '\''))
        .isEqualTo(
            "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'x','finalizers':['z'],"
                + "'labels':{'a':'b'}},'data':{'a/b':'1','m~n':'2','n':'1'}}");
    assertThatThrownBy(() -> patch(PatchType.MERGE, "[]")).isInstanceOf(ApiException.class);
  }

  @Test
  void strategicMergeOfCustomKindIsUnsupported() {
    Schemas schemas = new Schemas();
    Gvk gvk = new Gvk("e.com", "v1", "Foo");
    schemas.putCustom(gvk, json("{'type':'object'}"), false);
    TypeSchema schema = schemas.find(gvk).orElseThrow();
    ObjectNode document = json("{'apiVersion':'e.com/v1','kind':'Foo'}");
    byte[] patch = "{}".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() ->
            Patches.apply(PatchType.STRATEGIC, schema, document, patch, FieldValidation.STRICT))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.failure().code()).isEqualTo(415);
              assertThat(e.failure().message())
                  .isEqualTo(
                      "the body of the request was in an unknown format - accepted media types"
                          + " include: application/json-patch+json, application/merge-patch+json");
            });
  }

  @Test
  void fieldsOfAnOlderSchemaAreNoFaultOfThePatch() {
    Schemas schemas = new Schemas();
    Gvk gvk = new Gvk("e.com", "v1", "Foo");
    schemas.putCustom(
        gvk, json("{'type':'object','properties':{'spec':{'type':'object'}}}"), false);
    ObjectNode document = json("{'apiVersion':'e.com/v1','kind':'Foo','spec':{'gone':1}}");
    byte[] patch = "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}".getBytes(StandardCharsets.UTF_8);
    assertThat(
            Patches.apply(
                    PatchType.MERGE,
                    schemas.find(gvk).orElseThrow(),
                    document,
                    patch,
                    FieldValidation.STRICT)
                .document())
        .isEqualTo(
            json(
                "{'apiVersion':'e.com/v1','kind':'Foo','spec':{},"
                    + "'metadata':{'labels':{'a':'b'}}}"));
  }

  @Test
  void patchTypeComesFromContentType() {
    assertThat(PatchType.ofContentType("application/merge-patch+json; charset=utf-8"))
        .isEqualTo(PatchType.MERGE);
    assertThatThrownBy(() -> PatchType.ofContentType("application/apply-patch+yaml"))
        .isInstanceOf(ApiException.class);
  }
}
