package minik8s.kubelet.spdy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The compressed header blocks of one connection: one inflater and one deflater that remember what
 * went before, so blocks must be coded in the order of the wire. Confined by its connection.
 */
final class SpdyHeaders implements AutoCloseable {
  private static final int MAX_BLOCK = 64 << 10;

  /** Words that the dictionary holds with a length before each. Source: SPDY/3, 2.6.10.1. */
  private static final List<String> WORDS =
      List.of(
          ("options head post put delete trace accept accept-charset accept-encoding"
                  + " accept-language accept-ranges age allow authorization cache-control"
                  + " connection content-base content-encoding content-language content-length"
                  + " content-location content-md5 content-range content-type date etag expect"
                  + " expires from host if-match if-modified-since if-none-match if-range"
                  + " if-unmodified-since last-modified location max-forwards pragma"
                  + " proxy-authenticate proxy-authorization range referer retry-after server te"
                  + " trailer transfer-encoding upgrade user-agent vary via warning"
                  + " www-authenticate method get status")
              .split(" "));

  private static final List<String> MORE_WORDS =
      List.of(
          "200 OK", "version", "HTTP/1.1", "url", "public", "set-cookie", "keep-alive", "origin");

  /** What the dictionary ends with. */
  private static final String TAIL =
      "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
          + "203 Non-Authoritative Information204 No Content301 Moved Permanently"
          + "400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error"
          + "501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct"
          + " Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,"
          + "image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
          + "publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";

  private static final byte[] DICTIONARY = dictionary();

  private final Inflater inflater = new Inflater();
  private final Deflater deflater = new Deflater();

  SpdyHeaders() {
    deflater.setDictionary(DICTIONARY);
  }

  private static byte[] dictionary() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    WORDS.forEach(word -> string(all, word));
    MORE_WORDS.forEach(word -> string(all, word));
    all.writeBytes(TAIL.getBytes(UTF_8));
    return all.toByteArray();
  }

  private static void string(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    out.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  /** The fields of a block; names are in lower case on the wire. */
  Map<String, String> read(byte[] block) throws IOException {
    ByteBuffer plain = ByteBuffer.wrap(inflate(block));
    Map<String, String> fields = new HashMap<>();
    try {
      for (int left = plain.getInt(); left > 0; left--) {
        String name = text(plain);
        fields.put(name, text(plain));
      }
    } catch (BufferUnderflowException e) {
      throw new IOException("malformed SPDY header block", e);
    }
    return fields;
  }

  private static String text(ByteBuffer from) throws IOException {
    int length = from.getInt();
    if (length < 0 || length > from.remaining()) {
      throw new IOException("malformed SPDY header block");
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return new String(bytes, UTF_8);
  }

  private byte[] inflate(byte[] block) throws IOException {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    inflater.setInput(block);
    try {
      while (true) {
        int got = inflater.inflate(buffer);
        plain.write(buffer, 0, got);
        if (got == 0 && inflater.needsDictionary()) {
          inflater.setDictionary(DICTIONARY);
        } else if (got == 0) {
          return plain.toByteArray();
        } else if (plain.size() > MAX_BLOCK) {
          throw new IOException("SPDY header block of more than " + MAX_BLOCK + " bytes");
        }
      }
    } catch (DataFormatException e) {
      throw new IOException("malformed SPDY header block", e);
    }
  }

  /** A block of these fields. */
  byte[] write(Map<String, String> fields) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.writeBytes(ByteBuffer.allocate(4).putInt(fields.size()).array());
    fields.forEach((name, value) -> {
      string(plain, name);
      string(plain, value);
    });
    deflater.setInput(plain.toByteArray());
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    int got;
    do {
      got = deflater.deflate(buffer, 0, buffer.length, Deflater.SYNC_FLUSH);
      block.write(buffer, 0, got);
    } while (got == buffer.length);
    return block.toByteArray();
  }

  @Override
  public void close() {
    inflater.end();
    deflater.end();
  }
}
