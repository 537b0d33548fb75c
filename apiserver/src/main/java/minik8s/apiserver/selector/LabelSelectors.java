package minik8s.apiserver.selector;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import minik8s.api.ApiException;
import minik8s.api.Failure;
import minik8s.apiserver.selector.LabelQuery.Operator;
import minik8s.apiserver.selector.LabelQuery.Requirement;
import minik8s.apiserver.selector.LabelTokens.Kind;
import minik8s.apiserver.selector.LabelTokens.Token;

/**
 * Reads the {@code labelSelector} query parameter. Confined to the call.
 *
 * <p>Source of grammar and texts: apimachinery's {@code labels.Parse}.
 */
public final class LabelSelectors {
  private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";

  private final LabelTokens tokens;

  private LabelSelectors(String text) {
    tokens = new LabelTokens(text);
  }

  /**
   * The query that a text asks for; an empty text asks for everything.
   *
   * @throws ApiException BadRequest with Kubernetes' sentence when the text is malformed
   */
  public static LabelQuery parse(String text) {
    return text.isEmpty() ? LabelQuery.EVERYTHING : new LabelSelectors(text).query();
  }

  private LabelQuery query() {
    List<Requirement> requirements = new ArrayList<>();
    while (true) {
      Token token = tokens.peek(true);
      if (token.kind() == Kind.END) {
        return new LabelQuery(requirements);
      }
      if (token.kind() != Kind.IDENTIFIER && token.kind() != Kind.NOT) {
        throw bad(found(token) + ", expected: !, identifier, or 'end of string'");
      }
      requirements.add(requirement());
      Token next = tokens.next(true);
      if (next.kind() == Kind.END) {
        return new LabelQuery(requirements);
      }
      if (next.kind() != Kind.COMMA) {
        throw bad(found(next) + ", expected: ',' or 'end of string'");
      }
      Token after = tokens.peek(true);
      if (after.kind() != Kind.IDENTIFIER && after.kind() != Kind.NOT) {
        throw bad(found(after) + ", expected: identifier after ','");
      }
    }
  }

  private Requirement requirement() {
    Token token = tokens.next(true);
    boolean negated = token.kind() == Kind.NOT;
    if (negated) {
      token = tokens.next(true);
    }
    if (token.kind() != Kind.IDENTIFIER) {
      throw badRequirement(found(token) + ", expected: identifier");
    }
    String key = token.text();
    LabelSyntax.checkKey(key);
    Kind following = tokens.peek(true).kind();
    if (negated) {
      return new Requirement(key, Operator.NOT_EXISTS, Set.of());
    }
    if (following == Kind.END || following == Kind.COMMA) {
      return new Requirement(key, Operator.EXISTS, Set.of());
    }
    return compared(key);
  }

  private Requirement compared(String key) {
    Token token = tokens.next(false);
    Operator operator =
        switch (token.kind()) {
          case IN, EQUALS -> Operator.IN;
          case NOT_IN, NOT_EQUALS -> Operator.NOT_IN;
          case GREATER -> Operator.GREATER;
          case LESS -> Operator.LESS;
          default -> throw badRequirement(found(token) + ", expected: " + OPERATORS);
        };
    boolean set = token.kind() == Kind.IN || token.kind() == Kind.NOT_IN;
    Set<String> values = set ? values() : Set.of(exactValue());
    LabelSyntax.checkValues(key, operator, values);
    return new Requirement(key, operator, values);
  }

  private Set<String> values() {
    Token open = tokens.next(true);
    if (open.kind() != Kind.OPEN) {
      throw badRequirement(found(open) + " expected: '('");
    }
    Set<String> values = new TreeSet<>();
    boolean expectValue = true;
    while (true) {
      Token token = tokens.next(true);
      switch (token.kind()) {
        case IDENTIFIER -> {
          if (!expectValue) {
            throw badRequirement(found(token) + ", expected: ',' or ')'");
          }
          values.add(token.text());
          expectValue = false;
        }
        case COMMA -> {
          if (expectValue) {
            values.add("");
          }
          expectValue = true;
        }
        case CLOSE -> {
          if (expectValue) {
            values.add("");
          }
          return values;
        }
        default -> throw badRequirement(found(token) + ", expected: ',', ')' or identifier");
      }
    }
  }

  private String exactValue() {
    Kind kind = tokens.peek(true).kind();
    if (kind == Kind.END || kind == Kind.COMMA) {
      return "";
    }
    Token token = tokens.next(true);
    if (token.kind() != Kind.IDENTIFIER) {
      throw badRequirement(found(token) + ", expected: identifier");
    }
    return token.text();
  }

  private static String found(Token token) {
    return "found '" + token.text() + "'";
  }

  static ApiException badRequirement(String message) {
    return bad("unable to parse requirement: " + message);
  }

  private static ApiException bad(String message) {
    return Failure.badRequest(message).asException();
  }
}
