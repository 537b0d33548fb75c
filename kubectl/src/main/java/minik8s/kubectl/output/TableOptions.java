package minik8s.kubectl.output;

import java.util.List;

/**
 * How a table is to look. Immutable.
 *
 * @param wide whether columns of lower priority are shown
 * @param headers whether there is a line of headers
 * @param namespaces whether a column of namespaces comes first
 * @param kindPrefix put before each name with a slash, or empty
 * @param labelColumns labels that get a column each
 * @param showLabels whether all labels are shown
 */
public record TableOptions(
    boolean wide,
    boolean headers,
    boolean namespaces,
    String kindPrefix,
    List<String> labelColumns,
    boolean showLabels) {}
