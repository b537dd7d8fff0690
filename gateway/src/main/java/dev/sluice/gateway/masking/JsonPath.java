// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.masking;

import java.util.List;

/**
 * A place in a json document. Arrays on the way are looked through: the path goes on in each of their elements.
 *
 * @param keys object keys from the outside inwards; at least one
 * @param anywhere whether the first key may stand at any depth
 */
public record JsonPath(List<String> keys, boolean anywhere) {
    public JsonPath {
        keys = List.copyOf(keys);
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a path needs a key");
        }
    }
}
