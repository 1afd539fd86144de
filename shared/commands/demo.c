#include "commands/command.h"
static int run(int argc, char **argv) { (void)argc; (void)argv; return 0; }
const struct command command_demo = { "demo", "[NAME...]", "tour", run };
