import { policyView, role } from '@csr-foundry/native-api'
import { lxcaSpecs, roles } from '@csr-foundry/records'
import { expect, test } from 'vitest'

test('the roles and the LXCA specs of the native API are those of the records', () => {
  expect(role.options).toEqual([...roles])
  expect(policyView.shape.lxcaSpec.options).toEqual([...lxcaSpecs])
})
