variable "registry_name" {
  description = "Value for REGISTRY_NAME of the services."
  type        = string
  default     = "customer"

  validation {
    condition     = can(regex("^[a-zA-Z0-9_$#.-]{1,255}$", var.registry_name))
    error_message = "registry_name must have 1 to 255 characters: letters, digits and _ $ # . -"
  }
}

variable "schema_directory" {
  description = "Folder with the schema files <family>.v<N>.avsc, the same files that the producer is built with."
  type        = string

  validation {
    condition     = length(fileset(var.schema_directory, "*.v*.avsc")) > 0
    error_message = "schema_directory must contain at least one file <family>.v<N>.avsc."
  }
}

variable "schemas" {
  description = "Schema name → file family; the newest version of the family is registered. Names follow SCHEMA_NAME_STRATEGY: <topic>-value."
  type        = map(string)
  default     = { "orders-value" = "order" }

  validation {
    condition     = alltrue([for family in values(var.schemas) : length(fileset(var.schema_directory, "${family}.v*.avsc")) > 0])
    error_message = "schemas must name only families that have a file in schema_directory."
  }
}

variable "compatibility" {
  description = "Compatibility mode for new versions: one of Glue's eight modes."
  type        = string
  default     = "BACKWARD"

  validation {
    condition = contains(
      ["NONE", "DISABLED", "BACKWARD", "BACKWARD_ALL", "FORWARD", "FORWARD_ALL", "FULL", "FULL_ALL"],
      var.compatibility,
    )
    error_message = "compatibility must be one of Glue's eight modes, such as BACKWARD."
  }
}
