package minik8s.apiserver.kinds;

/**
 * One of the columns that a custom resource asks for. Immutable.
 *
 * @param type {@code string}, {@code integer}, {@code number}, {@code boolean} or {@code date}
 * @param jsonPath such as {@code .spec.replicas}
 * @param priority 0 is always shown, more only in wide output
 */
public record PrinterColumn(
    String name, String type, String format, String description, int priority, String jsonPath) {}
