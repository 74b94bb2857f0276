variable "registry_name" {
  description = "REGISTRY_NAME of the services."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name is 1 to 255 letters, digits and _ $ # . -"
  }
}

variable "schema_directory" {
  description = "Folder of the schema files <family>.v<N>.avsc: the same files that the producer is built with."
  type        = string

  validation {
    condition     = length(fileset(var.schema_directory, "*.v*.avsc")) > 0
    error_message = "schema_directory holds no <family>.v<N>.avsc."
  }
}

variable "schemas" {
  description = "Schema name → the family of files whose newest version it holds. Names follow SCHEMA_NAME_STRATEGY: <topic>-value."
  type        = map(string)
  default     = { "orders-value" = "order" }

  validation {
    condition     = alltrue([for family in values(var.schemas) : length(fileset(var.schema_directory, "${family}.v*.avsc")) > 0])
    error_message = "schemas names a family without a file in schema_directory."
  }
}

variable "compatibility" {
  description = "What a new version must keep to: one of Glue's eight modes."
  type        = string
  default     = "BACKWARD"

  validation {
    condition = contains(
      ["NONE", "DISABLED", "BACKWARD", "BACKWARD_ALL", "FORWARD", "FORWARD_ALL", "FULL", "FULL_ALL"],
      var.compatibility,
    )
    error_message = "compatibility is one of Glue's eight modes, such as BACKWARD."
  }
}
