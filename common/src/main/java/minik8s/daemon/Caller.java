package minik8s.daemon;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Who asks a daemon for something. Immutable. */
public record Caller(String name, List<String> groups) {
  /** Members may everything, without anybody being asked. */
  static final String MASTERS = "system:masters";

  private static final String AUTHENTICATED = "system:authenticated";

  /** Takes its own copy of the groups. */
  public Caller {
    groups = List.copyOf(groups);
  }

  /**
   * The one whom a verified client certificate names: the common name, with organisations as
   * groups; empty when it names nobody.
   */
  public static Optional<Caller> of(X509Certificate certificate) {
    String name = "";
    List<String> groups = new ArrayList<>();
    try {
      for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          name = String.valueOf(part.getValue());
        } else if (part.getType().equalsIgnoreCase("O")) {
          groups.add(String.valueOf(part.getValue()));
        }
      }
    } catch (InvalidNameException e) {
      return Optional.empty();
    }
    groups.add(AUTHENTICATED);
    return name.isEmpty() ? Optional.empty() : Optional.of(new Caller(name, groups));
  }
}
