// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.session;

import dev.sluice.schemas.signature.StatementDigest;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a held statement's approval is bound to in the database: each object that the statement names or leads to, with a digest of its looks, and the
 * role and search_path that it runs under.
 */
record BoundObjects(SortedMap<String, String> looks) {
    BoundObjects {
        looks = new TreeMap<>(looks);
    }

    /** The same for the same objects, in whichever session. 64 hexadecimal digits. */
    String version() {
        var text = new StringBuilder();
        looks.forEach((name, look) -> text.append(name.length()).append(' ').append(name).append(' ').append(look).append('\n'));
        return StatementDigest.ofText(text.toString());
    }

    /** The names of what looks different, has come or has gone; empty where nothing has. */
    String changed(BoundObjects later) {
        var names = new TreeSet<String>();
        for (Map.Entry<String, String> look : looks.entrySet()) {
            if (!look.getValue().equals(later.looks.get(look.getKey()))) {
                names.add(look.getKey());
            }
        }
        later.looks.keySet().stream().filter(name -> !looks.containsKey(name)).forEach(names::add);
        return String.join(", ", names);
    }
}
