#ifndef COMMANDS_WRAP_H
#define COMMANDS_WRAP_H

/*
 * Prints TEXT on standard output, the lines broken at spaces to fit a window of COLUMNS (width.h).
 * The first begins at column USED, where the cursor is; the others after INDENT spaces. The last
 * has its newline.
 */
void wrap_print(const char *text, int columns, int used, int indent);

#endif
