// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.wire.testing;

import dev.sluice.gateway.wire.testing.Layout.Field;
import java.util.List;

/** The message formats by name, tag and layout. Of formats that share a tag, the first that fits describes the bytes. */
final class MessageFormats {
    record Format(String name, char tag, Layout layout) {}

    private static final Field TEXT = new Field.Text();
    private static final Field LETTER = new Field.Letter();
    private static final Field INT8 = new Field.Number(1);
    private static final Field INT16 = new Field.Number(2);
    private static final Field INT32 = new Field.Number(4);
    private static final Field VALUE = new Field.Value();
    private static final Field REST = new Field.Rest();
    private static final Field FORMATS = new Field.Counted(2, Layout.of(INT16));
    private static final Field VALUES = new Field.Counted(2, Layout.of(VALUE));
    private static final Field OIDS = new Field.Counted(2, Layout.of(INT32));
    private static final Field DIAGNOSIS = new Field.UntilZero(Layout.of(LETTER, TEXT));

    static final List<Format> FRONTEND = List.of(
            format("Query", 'Q', TEXT),
            format("Parse", 'P', TEXT, TEXT, OIDS),
            format("Bind", 'B', TEXT, TEXT, FORMATS, VALUES, FORMATS),
            format("Execute", 'E', TEXT, INT32),
            format("FunctionCall", 'F', INT32, FORMATS, VALUES, INT16),
            format("Describe", 'D', LETTER, TEXT),
            format("Close", 'C', LETTER, TEXT),
            format("Flush", 'H'),
            format("Sync", 'S'),
            format("CopyData", 'd', REST),
            format("CopyDone", 'c'),
            format("CopyFail", 'f', TEXT),
            format("Terminate", 'X'),
            format("PasswordMessage", 'p', TEXT),
            format("SASLInitialResponse", 'p', TEXT, VALUE),
            format("SASLResponse", 'p', REST));

    static final List<Format> BACKEND = List.of(
            format("AuthenticationOk", 'R', new Field.Fixed(0)),
            format("AuthenticationCleartextPassword", 'R', new Field.Fixed(3)),
            format("AuthenticationMD5Password", 'R', new Field.Fixed(5), REST),
            format("AuthenticationSASL", 'R', new Field.Fixed(10), new Field.UntilZero(Layout.of(TEXT))),
            format("AuthenticationSASLContinue", 'R', new Field.Fixed(11), REST),
            format("AuthenticationSASLFinal", 'R', new Field.Fixed(12), REST),
            format("Authentication", 'R', INT32, REST),
            format("BackendKeyData", 'K', INT32, REST),
            format("NegotiateProtocolVersion", 'v', INT32, new Field.Counted(4, Layout.of(TEXT))),
            format("ParameterStatus", 'S', TEXT, TEXT),
            format("ReadyForQuery", 'Z', LETTER),
            format("RowDescription", 'T', new Field.Counted(2, Layout.of(TEXT, INT32, INT16, INT32, INT16, INT32, INT16))),
            format("DataRow", 'D', VALUES),
            format("CommandComplete", 'C', TEXT),
            format("ErrorResponse", 'E', DIAGNOSIS),
            format("NoticeResponse", 'N', DIAGNOSIS),
            format("NotificationResponse", 'A', INT32, TEXT, TEXT),
            format("ParseComplete", '1'),
            format("BindComplete", '2'),
            format("CloseComplete", '3'),
            format("NoData", 'n'),
            format("PortalSuspended", 's'),
            format("EmptyQueryResponse", 'I'),
            format("ParameterDescription", 't', OIDS),
            format("CopyInResponse", 'G', INT8, FORMATS),
            format("CopyOutResponse", 'H', INT8, FORMATS),
            format("CopyBothResponse", 'W', INT8, FORMATS),
            format("CopyData", 'd', REST),
            format("CopyDone", 'c'),
            format("FunctionCallResponse", 'V', VALUE));

    private MessageFormats() {}

    private static Format format(String name, char tag, Field... fields) {
        return new Format(name, tag, Layout.of(fields));
    }
}
