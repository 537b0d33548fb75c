package minik8s.kubectl.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import minik8s.kubectl.client.KubectlException;
import org.jspecify.annotations.Nullable;

/**
 * {@code kubectl create configmap} and {@code create secret generic|tls}: data from flags and
 * files.
 */
final class CreateFromData implements Verb {
  private final boolean secret;

  CreateFromData(boolean secret) {
    this.secret = secret;
  }

  @Override
  public void flags(Flags flags) {
    Generated.flags(flags)
        .bool("--append-hash", "Not supported; must be false.")
        .list("--from-literal", "A key and literal value, such as mykey=somevalue.")
        .list("--from-file", "A file or folder, optionally as key=file.")
        .list("--from-env-file", "A file with lines of key=value.");
    if (secret) {
      flags
          .text("--type", "", "The type of secret to create.")
          .text("--cert", "", "Path to a PEM encoded public key certificate, for tls.")
          .text("--key", "", "Path to the private key of the certificate, for tls.");
    }
  }

  @Override
  public Help help() {
    return secret
        ? new Help(
            "Create a secret from a local file, directory, or literal value.",
            "kubectl create secret generic my-secret --from-literal=key1=supersecret",
            "create secret (generic | tls) NAME [--type=string] [--from-file=[key=]source]"
                + " [--from-literal=key1=value1]")
        : new Help(
            "Create a config map based on a file, directory, or specified literal value.",
            "kubectl create configmap my-config --from-literal=key1=config1",
            "create configmap NAME [--from-file=[key=]source] [--from-literal=key1=value1]");
  }

  @Override
  public int run(Session session, Arguments arguments) {
    List<String> words = new ArrayList<>(arguments.words());
    String sort = "";
    if (secret) {
      sort = words.isEmpty() ? "" : words.remove(0);
      if (!sort.equals("generic") && !sort.equals("tls")) {
        throw new KubectlException(
            "error: "
                + (sort.isEmpty()
                    ? "must specify one of generic, tls"
                    : "unknown command \"" + sort + "\"")
                + "\nSee 'kubectl create secret -h' for help and examples");
      }
    }
    if (words.size() != 1) {
      throw new KubectlException(
          "error: exactly one NAME is required, got "
              + words.size()
              + "\nSee 'kubectl create "
              + (secret ? "secret " + sort : "configmap")
              + " -h' for help and examples");
    }
    Map<String, byte[]> data = sort.equals("tls") ? tls(arguments) : data(arguments);
    Map<String, Object> object =
        Generated.object(session, secret ? "Secret" : "ConfigMap", words.get(0));
    fill(object, data);
    String type = secret ? sort.equals("tls") ? "kubernetes.io/tls" : arguments.text("--type") : "";
    if (!type.isEmpty()) {
      object.put("type", type);
    }
    return Generated.send(session, arguments, object);
  }

  private void fill(Map<String, Object> object, Map<String, byte[]> data) {
    Map<String, Object> texts = new LinkedHashMap<>();
    Map<String, Object> binary = new LinkedHashMap<>();
    data.forEach((key, bytes) -> {
      String text = secret ? null : utf8(bytes);
      if (text != null) {
        texts.put(key, text);
      } else {
        binary.put(key, Base64.getEncoder().encodeToString(bytes));
      }
    });
    if (!texts.isEmpty()) {
      object.put("data", texts);
    }
    if (!binary.isEmpty()) {
      object.put(secret ? "data" : "binaryData", binary);
    }
  }

  private static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static Map<String, byte[]> tls(Arguments arguments) {
    if (arguments.text("--cert").isEmpty() || arguments.text("--key").isEmpty()) {
      throw KubectlException.error("key and cert must be specified");
    }
    Map<String, byte[]> out = new LinkedHashMap<>();
    out.put("tls.crt", bytes(Path.of(arguments.text("--cert"))));
    out.put("tls.key", bytes(Path.of(arguments.text("--key"))));
    return out;
  }

  private static Map<String, byte[]> data(Arguments arguments) {
    Map<String, byte[]> out = new LinkedHashMap<>();
    for (String source : arguments.list("--from-file")) {
      file(source, out);
    }
    for (String literal : arguments.list("--from-literal")) {
      int equals = literal.indexOf('=');
      if (equals < 1) {
        throw KubectlException.error("invalid literal source " + literal + ", expected key=value");
      }
      put(
          out,
          literal.substring(0, equals),
          literal.substring(equals + 1).getBytes(StandardCharsets.UTF_8));
    }
    for (String source : arguments.list("--from-env-file")) {
      environment(source, out);
    }
    return out;
  }

  private static void file(String source, Map<String, byte[]> out) {
    int equals = source.indexOf('=');
    Path path = Path.of(source.substring(equals + 1));
    if (equals > 0) {
      put(out, source.substring(0, equals), bytes(path));
    } else if (Files.isDirectory(path)) {
      try (Stream<Path> entries = Files.list(path)) {
        for (Path entry : entries.filter(Files::isRegularFile).sorted().toList()) {
          put(out, String.valueOf(entry.getFileName()), bytes(entry));
        }
      } catch (IOException e) {
        throw KubectlException.error("error listing files in " + path + ": " + e.getMessage());
      }
    } else {
      put(out, String.valueOf(path.getFileName()), bytes(path));
    }
  }

  private static void environment(String source, Map<String, byte[]> out) {
    String text = new String(bytes(Path.of(source)), StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      String trimmed = line.stripLeading();
      if (trimmed.isEmpty() || trimmed.startsWith("#")) {
        continue;
      }
      int equals = trimmed.indexOf('=');
      String key = equals < 0 ? trimmed : trimmed.substring(0, equals);
      String value = equals < 0 ? "" : trimmed.substring(equals + 1);
      put(out, key, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void put(Map<String, byte[]> out, String key, byte[] value) {
    boolean good = !key.isEmpty() && key.chars().allMatch(CreateFromData::allowed);
    if (!good) {
      throw KubectlException.error(
          "\""
              + key
              + "\" is not a valid key name: a valid config key must consist of alphanumeric"
              + " characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name',"
              + " regex used for validation is '[-._a-zA-Z0-9]+')");
    }
    if (out.put(key, value) != null) {
      throw KubectlException.error(
          "cannot add key \"" + key + "\", another key by that name already exists in Data");
    }
  }

  private static boolean allowed(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '_'
        || c == '.';
  }

  private static byte[] bytes(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw KubectlException.error(
          "error reading " + path + ": open " + path + ": no such file or directory");
    }
  }
}
