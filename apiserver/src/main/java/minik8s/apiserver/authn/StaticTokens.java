package minik8s.apiserver.authn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Users by the tokens of a file, one {@code token,user,uid,"group1,group2"} a line. Immutable.
 *
 * <p>Tokens are kept and looked up by their digest, so that the time of a look-up says nothing
 * about a token.
 */
public final class StaticTokens implements Authenticator {
  private final Map<String, User> users;

  private StaticTokens(Map<String, User> users) {
    this.users = Map.copyOf(users);
  }

  /**
   * Reads the file.
   *
   * @throws IOException when it cannot be read
   * @throws IllegalArgumentException when a line has fewer than three columns
   */
  public static StaticTokens load(Path file) throws IOException {
    return parse(Files.readAllLines(file));
  }

  static StaticTokens parse(List<String> lines) {
    Map<String, User> users = new HashMap<>();
    int number = 0;
    for (String line : lines) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      List<String> columns = columns(line);
      if (columns.size() < 3 || columns.get(0).isEmpty()) {
        throw new IllegalArgumentException(
            "line " + number + " of the token file must be token,user,uid[,\"group1,group2\"]");
      }
      List<String> groups = new ArrayList<>();
      if (columns.size() > 3) {
        for (String group : columns.get(3).split(",")) {
          if (!group.isBlank()) {
            groups.add(group.strip());
          }
        }
      }
      groups.add(User.ALL_AUTHENTICATED);
      users.put(digest(columns.get(0)), new User(columns.get(1), columns.get(2), groups, Map.of()));
    }
    return new StaticTokens(users);
  }

  /** The columns of a CSV line; quotes protect commas. */
  private static List<String> columns(String line) {
    List<String> columns = new ArrayList<>();
    StringBuilder column = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        columns.add(column.toString().strip());
        column.setLength(0);
      } else {
        column.append(c);
      }
    }
    columns.add(column.toString().strip());
    return columns;
  }

  @Override
  public Optional<User> authenticate(Credentials credentials) {
    String token = credentials.bearerToken();
    return token == null ? Optional.empty() : Optional.ofNullable(users.get(digest(token)));
  }

  private static String digest(String token) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
