#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# Runs test programs that speak TAP, with prove's own engine, and ends with a line
# that counts: "N passed, N failed".
#	tests/run.pl PROGRAM... | asan:PROGRAM.py
# asan: runs a Python test with the ASan+UBSan build of the program.
use strict;
use warnings;
use TAP::Harness;

$ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
my $harness = TAP::Harness->new({
    verbosity => $ENV{V} ? 1 : 0,
    jobs      => $ENV{JOBS} || 2,
    timer     => 1,
    exec      => sub {
        my ($h, $file) = @_;
        return ['env', 'VARIANT=asan', '/usr/bin/python3', $1] if $file =~ /^asan:(.*)$/;
        return $file =~ /\.py$/ ? ['/usr/bin/python3', $file] : [$file];
    },
});
my $sum = $harness->runtests(@ARGV);
my ($passed, $failed) = (scalar $sum->passed, scalar $sum->failed);

# A program that died or broke off its plan failed, even when each line it got to
# print was fine.
for my $name ($sum->descriptions) {
    my ($parser) = $sum->parsers($name);
    next if !$parser->has_problems || $parser->failed;
    $failed++;
    print "$name: ended with status ", $parser->exit, ", ", join('; ', $parser->parse_errors), "\n";
}
$failed++ if $passed + $failed == 0;
print "$passed passed, $failed failed\n";
exit($failed ? 1 : 0);
