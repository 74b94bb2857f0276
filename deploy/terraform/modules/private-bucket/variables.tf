variable "bucket" {
  description = "Name of the bucket. Bucket names are global, so it should contain the account id."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.bucket))
    error_message = "bucket must have 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "expiration_days" {
  description = "Days after which objects are deleted; null: never."
  type        = number
  default     = null

  validation {
    condition     = var.expiration_days == null || coalesce(var.expiration_days, 1) >= 1
    error_message = "expiration_days must be one or more, or null."
  }
}

variable "log_delivery_prefix" {
  description = "Prefix under which AWS's log delivery service may write logs of this account; null: it may not."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Delete the bucket even if it contains objects."
  type        = bool
  default     = false
}
