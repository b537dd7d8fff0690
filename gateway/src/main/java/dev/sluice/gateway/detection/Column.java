// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.detection;

/** How one column of a result is searched. */
public final class Column {
    private final String name;
    private final Form form;

    private Column(String name, Form form) {
        this.name = name;
        this.form = form;
    }

    /**
     * A column of the result.
     *
     * @param name for the record
     * @param typeOid of its type, 0 where it is not known
     * @param format 0 for text, 1 for binary
     */
    public static Column of(String name, int typeOid, int format) {
        return new Column(name, Form.of(typeOid, format));
    }

    /** A column that need not be searched: a mask has rewritten it, or the policy exempts it. */
    public static Column passing(String name) {
        return new Column(name, Form.NONE);
    }

    String name() {
        return name;
    }

    Form form() {
        return form;
    }
}
