"""How a patient may be reached: what they chose, which addresses take nothing more."""
