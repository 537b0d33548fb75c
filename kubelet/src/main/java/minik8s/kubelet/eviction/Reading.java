package minik8s.kubelet.eviction;

/**
 * How much there is and how much is left of something; bytes or processes. Immutable. A capacity of
 * 0 means that it could not be read.
 */
public record Reading(long capacity, long available) {}
