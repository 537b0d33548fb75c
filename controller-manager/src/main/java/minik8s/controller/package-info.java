/**
 * The controller-manager's main and what is shared by its wiring; every controller has a package
 * below.
 */
@NullMarked
package minik8s.controller;

import org.jspecify.annotations.NullMarked;
