import { expect, test } from 'vitest'
import { debianRelease } from '../../src/find/debian-release.ts'

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12"\nVERSION_ID="12"\nID=debian\n', 'debian-12'],
  ['ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', 'ubuntu-24.04'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"\n', 'linuxmint-22'],
  ['ID=debian\nVERSION_CODENAME=forky\n', 'debian-forky'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n', undefined],
  ['ID=alpine\nVERSION_ID=3.20.0\n', undefined],
  ['', undefined],
])('reads %j', (osRelease, release) => {
  expect(debianRelease(osRelease)).toBe(release)
})
