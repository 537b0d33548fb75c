package minik8s.apiserver.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import minik8s.api.codec.Json;
import minik8s.apiserver.kinds.Kind;
import minik8s.apiserver.registry.Listing;
import minik8s.apiserver.watchcache.CachedObject;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes lists; plain ones are streamed from the cached bytes without building a tree. Thread-safe.
 */
final class ListAnswer {
  /** Smaller answers cost more to pack than to send. Source: apiserver's {@code writers.go}. */
  private static final int WORTH_GZIP = 128 * 1024;

  private final Renderer renderer;

  ListAnswer(Renderer renderer) {
    this.renderer = renderer;
  }

  /** Answers with a list. */
  void write(HttpServletResponse response, Kind kind, Listing listing, Form form, boolean gzip)
      throws IOException {
    response.setStatus(200);
    response.setContentType(form.contentType());
    response.setHeader("Cache-Control", "no-cache, private");
    if (form.shape() == Form.Shape.TABLE || form.yaml() || form.pretty()) {
      byte[] body = Renderer.document(document(kind, listing, form), form);
      try (OutputStream out = open(response, gzip && body.length > WORTH_GZIP)) {
        out.write(body);
      }
      return;
    }
    try (OutputStream out = open(response, gzip && weighty(listing))) {
      stream(out, kind, listing, form);
    }
  }

  private void stream(OutputStream out, Kind kind, Listing listing, Form form) throws IOException {
    String head = Json.string(head(kind, listing, form));
    out.write(head.substring(0, head.length() - 1).getBytes(UTF_8));
    out.write(",\"items\":[".getBytes(UTF_8));
    boolean first = true;
    for (CachedObject object : listing.objects()) {
      if (!first) {
        out.write(',');
      }
      first = false;
      out.write(renderer.item(kind, object, form));
    }
    out.write("]}\n".getBytes(UTF_8));
  }

  private ObjectNode document(Kind kind, Listing listing, Form form) {
    if (form.shape() == Form.Shape.TABLE) {
      ObjectNode table = renderer.table(kind, listing.objects(), form);
      table.set("metadata", metadata(listing));
      return table;
    }
    ObjectNode list = head(kind, listing, form);
    ArrayNode items = list.putArray("items");
    listing.objects().forEach(object -> items.add(Json.parse(renderer.item(kind, object, form))));
    return list;
  }

  private static ObjectNode head(Kind kind, Listing listing, Form form) {
    ObjectNode head = Json.object();
    if (form.shape() == Form.Shape.PARTIAL) {
      head.put("kind", "PartialObjectMetadataList")
          .put("apiVersion", "meta.k8s.io/" + form.version());
    } else {
      head.put("kind", kind.listKind()).put("apiVersion", kind.apiVersion());
    }
    head.set("metadata", metadata(listing));
    return head;
  }

  private static ObjectNode metadata(Listing listing) {
    ObjectNode metadata = Json.object().put("resourceVersion", Long.toString(listing.revision()));
    String continuation = listing.continuation();
    if (continuation != null) {
      metadata.put("continue", continuation);
      Long remaining = listing.remaining();
      if (remaining != null) {
        metadata.put("remainingItemCount", remaining);
      }
    }
    return metadata;
  }

  private static boolean weighty(Listing listing) {
    long bytes = 0;
    for (CachedObject object : listing.objects()) {
      bytes += object.json().length;
      if (bytes > WORTH_GZIP) {
        return true;
      }
    }
    return false;
  }

  private static OutputStream open(HttpServletResponse response, boolean gzip) throws IOException {
    OutputStream out = response.getOutputStream();
    if (!gzip) {
      return out;
    }
    response.setHeader("Content-Encoding", "gzip");
    response.addHeader("Vary", "Accept-Encoding");
    return new GZIPOutputStream(out, 8192) {
      {
        def.setLevel(Deflater.BEST_SPEED);
      }
    };
  }
}
